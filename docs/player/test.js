// The test mode of the schedule player, loaded for `page.html?test`: plays every goal and every output through the
// page's own buttons, compares what the page shows with the graph, and writes the verdict into the page.
"use strict";

(async () => {
  const { actors, files, views, steps, holds, states, ends, goals, outputs } = JSON.parse(
    document.getElementById("graph").textContent,
  );
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const text = (selector, within = document) => within.querySelector(selector).textContent;
  let task = "the start"; // What is played, for the message of a failure.

  function check(claim, message) {
    if (!claim) throw new Error(`${task}: ${message}`);
  }

  function equal(found, expected, what) {
    check(found === expected, `${what} is ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
  }

  /** Clicks a button, and checks that the page says what happened. */
  function click(element) {
    document.getElementById("news").textContent = "";
    element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    check(text("#news") !== "", `“${element.textContent}” says nothing`);
  }

  const press = (key) =>
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const control = (id) => document.getElementById(id);
  const stepButton = (actor) => all(".actor")[actor].querySelector(".step");

  function parse(choices) {
    return choices
      .split(",")
      .filter(Boolean)
      .flatMap((part) => Array(Number(part.split("*")[1] ?? 1)).fill(Number(part.split("*")[0])));
  }

  const next = (state, actor) => states[state].n.find(([who]) => who === actor);
  const linesOf = (printed) => (printed === "" ? [] : printed.replace(/\n$/, "").split("\n"));

  /** Returns the state, the printed text and the number of switches after these actors' steps, from the graph alone. */
  function expected(choices) {
    const result = { state: 0, printed: "", switches: 0 };
    choices.forEach((actor, i) => {
      const edge = next(result.state, actor);
      check(edge, `the graph has no step of actor ${actor} after ${i} steps`);
      result.printed += steps[edge[1]][3] ?? "";
      result.switches += i > 0 && actor !== choices[i - 1] ? 1 : 0;
      result.state = edge[2];
    });
    return result;
  }

  /** Returns whether a finished run reaches a goal. */
  function reaches({ state, printed }, { lines, lacks, exact, ends: kind }) {
    const found = linesOf(printed);
    let from = 0;
    for (const line of lines) from = found.indexOf(line, from) + 1 || Infinity;
    return (
      from < Infinity &&
      !lacks.some((line) => found.includes(line)) &&
      (!exact || found.length === lines.length) &&
      (kind === null || ends[states[state].e][0] === kind)
    );
  }

  function checkColumn(column, actor, state) {
    const [file, line, words, kind] = views[states[state].v[actor] ?? -1] ?? [-1, 0, "", "not started"];
    task += `, column ${actors[actor]}`;
    equal(text(".state", column), kind, "the state");
    check(text(".next", column).endsWith(words), `“${words}” is missing`);
    equal(stepButton(actor).getAttribute("aria-disabled"), String(!next(state, actor)), "aria-disabled");
    const marked = all("[aria-current]", column);
    equal(marked.length, file < 0 ? 0 : 1, "the number of marked lines");
    if (file < 0) return;
    equal(text(".number", marked[0]), String(line), "the marked line's number");
    equal(text("code", marked[0]), files[file].lines[line - 1].trimStart(), "the marked line");
    equal(text("figcaption", column), files[file].path, "the file");
    const [row, box] = [marked[0].getBoundingClientRect(), column.querySelector(".source").getBoundingClientRect()];
    check(row.top >= box.top && row.top < box.bottom, "the marked line is out of sight");
  }

  /** Compares the page with what the graph says after these choices. */
  function checkPage(choices) {
    const { state, printed, switches } = expected(choices);
    const before = task;
    all(".actor").forEach((column, actor) => {
      checkColumn(column, actor, state);
      task = before;
    });
    equal(
      all("#printed samp")
        .map((line) => line.textContent)
        .join("\n"),
      linesOf(printed).join("\n"),
      "what is printed",
    );
    const held = states[state].h.map((index) => holds[index]).join("\n");
    check(
      held === "" ||
        all("#holds li")
          .map((item) => item.textContent)
          .join("\n") === held,
      `“${held}” is missing`,
    );
    equal(all("#lanes .taken tr").length, choices.length, "the number of lanes rows");
    equal(
      all("#lanes .taken samp")
        .map((line) => line.textContent)
        .join(""),
      linesOf(printed).join(""),
      "what the lanes show as printed",
    );
    equal(parseInt(text("#counter").split(",")[1], 10), switches, "the counter of switches");
    check(document.documentElement.scrollWidth <= window.innerWidth, "the page scrolls sideways");
  }

  /** Returns all that the page shows of a state, and its link (without the goal). */
  function snapshot() {
    const marked = all(".actor").map((column) =>
      all("[aria-current] .number", column)
        .map((line) => line.textContent)
        .join(),
    );
    const shown = all(".actor h2, .next, .futures, #printed, #end, #holds, #counter, #lanes tbody").map(
      (element) => element.textContent,
    );
    const link = control("copy").dataset.link.replace(/[#&]goal=.*/, "");
    return JSON.stringify([link, marked, shown]);
  }

  const isListed = (actor, kind, name) =>
    all(`.${kind} span, .${kind} s`, all(".actor")[actor]).some((item) => item.textContent === name);

  /** Checks which goals the page calls possible after the next step: at least the one that is reached, at the last step exactly that. */
  function checkFutures(actor, isLast, run) {
    for (const goal of goals) {
      const reached = reaches(run, goal);
      const kept = isListed(actor, "kept", goal.name);
      if (reached) check(kept, `“${goal.name}” is not called possible before it is reached`);
      if (isLast && !reached) check(!kept, `“${goal.name}” is called possible before the last step`);
      check(!kept || !isListed(actor, "lost", goal.name), `“${goal.name}” is called both possible and lost`);
    }
  }

  /** Plays choices from the start, step by step; returns a snapshot of each state. */
  function play(choices) {
    click(control("restart"));
    const run = expected(choices);
    const seen = [snapshot()];
    checkPage([]);
    choices.forEach((actor, i) => {
      checkFutures(actor, i === choices.length - 1, run);
      click(stepButton(actor));
      checkPage(choices.slice(0, i + 1));
      seen.push(snapshot());
    });
    return seen;
  }

  function undoAll(seen) {
    for (let i = seen.length - 2; i >= 0; i -= 1) {
      click(control("undo"));
      equal(snapshot(), seen[i], `the page after undoing step ${i + 1}`);
    }
  }

  /** Opens the link to what the page shows from the start, as a reader does who follows it. */
  async function testLink() {
    const [link, before] = [control("copy").dataset.link, snapshot()];
    await new Promise((resolve) => {
      setTimeout(resolve, 400);
    });
    equal(location.hash, link, "the page's address");
    click(control("restart"));
    const changed = new Promise((resolve) => {
      window.addEventListener("hashchange", resolve, { once: true });
    });
    location.hash = "#choices=";
    await changed;
    location.hash = link;
    await new Promise((resolve) => {
      window.addEventListener("hashchange", resolve, { once: true });
    });
    equal(snapshot(), before, "the page opened by its link");
  }

  async function testGoal(goal, index) {
    const choices = parse(goal.choices);
    const seen = play(choices);
    const row = all("#goals li")[index];
    equal(row.dataset.reached, "true", "the mark of a reached goal");
    equal(
      text(".result", row)
        .match(/You: (\d+) .*; possible: (\d+)/)
        ?.slice(1)
        .join(),
      `${goal.fewest},${goal.fewest}`,
      "yours and the possible number of switches",
    );
    const run = expected(choices);
    goals.forEach((other, i) =>
      equal(all("#goals li")[i].dataset.reached, String(reaches(run, other)), `the mark of “${other.name}”`),
    );
    await testLink();
    undoAll(seen);
    testPlan(row.querySelector(".way"), choices, seen.at(-1));
  }

  /** Shows a way, and follows it: two steps, one back, and then to its end, which looks as if played by hand. */
  function testPlan(start, choices, end) {
    click(start);
    checkPage([]);
    equal(all("#lanes tbody tr:not(.title)").length, choices.length, "the number of steps shown");
    for (const length of [1, 2].filter((steps) => steps <= choices.length)) {
      click(control("plan-next"));
      checkPage(choices.slice(0, length));
    }
    click(control("undo"));
    checkPage(choices.slice(0, Math.min(2, choices.length) - 1));
    click(control("plan-end"));
    checkPage(choices);
    equal(snapshot(), end ?? snapshot(), "the page after a way is followed");
  }

  /** An output is printed by its choices. The first is played step by step as well: there may be no goal. */
  function testOutput({ choices, lines }, index) {
    const end = index === 0 ? play(parse(choices)).at(-1) : null;
    control("output").value = String(index);
    testPlan(all("#replay button")[0], parse(choices), end);
    equal(
      all("#printed samp")
        .map((line) => line.textContent)
        .join("\n"),
      lines.join("\n"),
      "what is printed",
    );
    check(text("#end") !== "", "the end is not announced");
    goals.forEach((goal, i) => {
      const shown = text(".result", all("#goals li")[i]);
      const reached = reaches(expected(parse(choices)), goal);
      equal(/^✓ Reached.*; possible: \d+$/.test(shown), reached, `the mark of “${goal.name}”`);
      if (reached)
        equal(shown.match(/\d+$/)[0], String(goal.fewest), `the possible number of switches to “${goal.name}”`);
    });
  }

  /** The keys do what the buttons do. */
  function testKeys() {
    click(control("restart"));
    const [actor] = states[0].n[0];
    const start = snapshot();
    press(String(actor));
    checkPage([actor]);
    press("e");
    const run = [];
    while (next(expected(run).state, actor)) run.push(actor);
    checkPage(run);
    press("u");
    checkPage(run.slice(1));
    press("r");
    equal(snapshot(), start, "the page after restart");
    const from = goals.findIndex(({ name }) => name === text("#goal"));
    for (let i = 1; i <= goals.length; i += 1) {
      press("g");
      equal(text("#goal"), goals[(from + i) % goals.length].name, "the next goal");
    }
  }

  async function test() {
    check(all(".actor").length === actors.length, "there is not a column for each actor");
    click(control("compare"));
    for (const [index, goal] of goals.entries()) {
      task = `goal “${goal.name}”`;
      await testGoal(goal, index);
    }
    outputs.forEach((output, index) => {
      task = `output ${index + 1}`;
      testOutput(output, index);
    });
    task = "keys";
    testKeys();
    const amount = (list, noun) => `${list.length} ${noun}${list.length === 1 ? "" : "s"}`;
    return `passed: ${amount(goals, "goal")}, ${amount(outputs, "output")}`;
  }

  let verdict;
  try {
    verdict = await test();
  } catch (error) {
    verdict = `failed: ${error.message}`;
  }
  const element = document.createElement("p");
  element.id = "verdict";
  element.textContent = verdict;
  document.body.prepend(element);
  document.title = verdict;
  // For a page that tests several.
  if (parent !== window) parent.postMessage(verdict, "*");
})();
