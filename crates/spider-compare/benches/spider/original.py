"""The spider of the Python course: the images of a gallery's first page, into a folder.

    python3 original.py processes|threads URL FOLDER

It reads the listing, then the detail pages one by one, and then downloads all images concurrently, each in a process or a
thread of its own. Like the course's program it opens a connection for every request. It measures its own time, which
begins after the imports, and prints one JSON object.
"""
import json
import multiprocessing
import os
import sys
import threading
import time
from urllib.parse import urljoin

import requests
from lxml import etree

HEADERS = {"User-Agent": "spider-compare's benchmark (the Python original)"}

# A forked child has the whole program already, and imports nothing again.
WORKERS = {"processes": multiprocessing.get_context("fork").Process, "threads": threading.Thread}


def page(address):
    answer = requests.get(address, headers=HEADERS)
    answer.raise_for_status()
    answer.encoding = "gbk"
    return etree.HTML(answer.text)


def image_addresses(listing):
    """Returns the address of each image by its file name, in the order of the listing."""
    found = {}
    for link in page(listing).xpath('//*[@id="main"]/div[@class="slist"]/ul/li/a[contains(@href, "/tupian/")]/@href'):
        detail = urljoin(listing, link)
        address = urljoin(detail, page(detail).xpath('//*[@id="img"]/img/@src')[0])
        found[address.rsplit("/", 1)[-1]] = address
    return found


def download(address, path):
    answer = requests.get(address, headers=HEADERS)
    answer.raise_for_status()
    with open(path, "wb") as file:
        file.write(answer.content)


def download_all(worker, addresses, paths):
    workers = [worker(target=download, args=(addresses[name], paths[name])) for name in addresses]
    for each in workers:
        each.start()
    for each in workers:
        each.join()


def main():
    worker, listing, folder = WORKERS[sys.argv[1]], sys.argv[2], sys.argv[3]
    start = time.perf_counter()
    addresses = image_addresses(listing)
    paths = {name: os.path.join(folder, name) for name in addresses}
    download_all(worker, addresses, paths)
    total = time.perf_counter() - start
    there = [path for path in paths.values() if os.path.exists(path)]
    print(json.dumps({
        "images": len(paths),
        "failed": len(paths) - len(there),
        "bytes": sum(map(os.path.getsize, there)),
        "total_seconds": total,
    }))


if __name__ == "__main__":
    main()
