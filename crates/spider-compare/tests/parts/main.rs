//! Tests of parts of the library, through their public interface. The others are beside the code that they test.

mod args;
mod backoff;
mod cancel;
mod charset;
mod crawl;
mod file_name;
mod image;
mod lines;
mod output_dir;
mod page;
mod politeness;
mod resource_usage;
mod responses;
mod robots;
mod site;
mod spider;
mod stats;
mod table;
mod text;
mod trace;
mod work_queue;
