// The schedule player: the reader chooses which thread or process ("actor") takes each next step of a program.
// The page holds every state of the program as a graph (id="graph"); `xtask/src/book` writes it.
// A page in another language has its words in the graph, too: `zh-CN.json`.
"use strict";

const graph = JSON.parse(document.getElementById("graph").textContent);

let path = []; // The steps taken so far: { actor, step, to }.
let plan = null; // Choices to follow, of a goal or an output: { name, actors, shown }.
let goal = 0; // The goal that the reader tries to reach.
let comparing = false; // Whether each column shows which goals its step leaves within reach.
const records = graph.goals.map(() => Infinity); // For each goal, the fewest switches that the reader needed.

// --- The language ---
// `graph.words` has the words of another language by the English ones, in which `{}` stands for a value. The keys with
// words around a `{}` also translate texts that come with the graph: "takes {}". What a program prints stays as it is.

const dictionary = graph.words ?? {};
const wordCount = (text) => text.match(/[a-z]+/gi)?.length ?? 0;

const patterns = Object.keys(dictionary)
  .filter((key) => key.includes("{}") && wordCount(key) > 0)
  .sort((one, other) => wordCount(other) - wordCount(one) || other.split("{}").length - one.split("{}").length)
  .map((key) => [expression(key), dictionary[key]]);

/** Returns a regular expression for a key. A `{}` at its beginning matches no `"`: a text in quotes is printed. */
function expression(key) {
  const parts = key.split("{}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("(.+)").replace(/^\(\.\+\)/, '([^"]+)')}$`, "s");
}

/** Translates a text of this script: t`Back to step ${number}.` is the key "Back to step {}.". */
function t(strings, ...values) {
  return fill(dictionary[strings.join("{}")] ?? strings.join("{}"), values);
}

/** Puts values into a text: the next one at each `{}`, the first one at `{0}`. No space stays between Chinese words. */
function fill(text, values) {
  let next = 0;
  return text.replace(/((?<=\p{sc=Han}) )?\{(\d?)\}( (?=\p{sc=Han}))?/gu, (_, before, number, after) => {
    const value = String(values[number || next++]);
    const space = (is, edge) => (is && !edge.test(value) ? " " : "");
    return space(before, /^[\p{sc=Han}“（]/u) + value + space(after, /[\p{sc=Han}”）]$/u);
  });
}

/** Translates a text of the graph or of the page, by a key that is the same or the pattern with the most words. */
function translated(text) {
  if (Object.hasOwn(dictionary, text)) return dictionary[text];
  for (const [pattern, words] of patterns) {
    const match = text.match(pattern);
    if (match) return fill(words, match.slice(1).map(translatedValue));
  }
  return text;
}

/** Translates what stands in a text for a `{}`, such as "thread 1, thread 2 and thread 3", but not what is printed. */
function translatedValue(text) {
  if (text.startsWith('"')) return text;
  const names = text.split(/, | and /);
  return names.every((name) => graph.actors.includes(name)) ? listed(names.map(translated)) : translated(text);
}

const listed = (items) => items.join(t`, `);

/** Translates what `page.html` says. */
function translatePage() {
  document.documentElement.lang = graph.language;
  document.title = translated(document.title);
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const node = nodes.currentNode;
    const text = node.data.trim();
    if (text === "" || node.parentElement.closest("script, noscript")) continue;
    node.data = node.data.replace(text, () => translated(text.replace(/\s+/g, " ")));
  }
  for (const name of ["aria-label", "title"]) {
    for (const element of document.body.querySelectorAll(`[${name}]`)) {
      element.setAttribute(name, translated(element.getAttribute(name)));
    }
  }
}

const actorNames = graph.actors.map(translated);
const goalNames = graph.goals.map(({ name }) => translated(name));

// --- The graph ---

const here = () => (path.length > 0 ? path.at(-1).to : 0);
const edge = (state, actor) => graph.states[state].n.find(([who]) => who === actor);
const isEnd = (state) => graph.states[state].n.length === 0;
const switches = (steps) => steps.filter(({ actor }, i) => i > 0 && actor !== steps[i - 1].actor).length;

/** Returns the steps that these actors take from the start, up to the first that cannot. */
function walk(actors) {
  const steps = [];
  for (const actor of actors) {
    const found = edge(steps.at(-1)?.to ?? 0, actor);
    if (!found) break;
    steps.push({ actor, step: found[1], to: found[2] });
  }
  return steps;
}

/** Returns the actors of choices such as `0*5,1`, or null if the text is not a list of choices. */
function parseChoices(text) {
  if (text === "") return [];
  if (!/^\d{1,3}(\*\d{1,4})?(,\d{1,3}(\*\d{1,4})?)*$/.test(text)) return null;
  return text.split(",").flatMap((part) => {
    const [actor, times = 1] = part.split("*").map(Number);
    return Array(times).fill(actor);
  });
}

/** Writes actors as choices: `0*5,1`. */
function writeChoices(actors) {
  const groups = [];
  for (const actor of actors) {
    if (groups.at(-1)?.actor === actor) groups.at(-1).times += 1;
    else groups.push({ actor, times: 1 });
  }
  return groups.map(({ actor, times }) => (times > 1 ? `${actor}*${times}` : `${actor}`)).join(",");
}

/** Returns the lines that these steps print, each with the actor that prints its beginning. */
function printedLines(steps) {
  const lines = [];
  let open = false;
  for (const { actor, step } of steps) {
    for (const piece of (graph.steps[step][3] ?? "").match(/[^\n]*\n|[^\n]+/g) ?? []) {
      if (!open) lines.push({ actor, text: "" });
      lines.at(-1).text += piece.replace("\n", "");
      open = !piece.endsWith("\n");
    }
  }
  return lines;
}

// --- Goals ---
// Progress towards a goal: how many of its lines are printed (`met`), and the line that has no end yet (`part`).

/** Returns the progress after a text is printed; null if the goal is out of reach then. */
function advance(aim, progress, text) {
  const lines = (progress.part + (text ?? "")).split("\n");
  const part = lines.pop();
  let met = progress.met;
  for (const line of lines) {
    if (aim.lacks.includes(line)) return null;
    if (line === aim.lines[met]) met += 1;
    else if (aim.exact) return null;
  }
  return { met, part };
}

/** Returns the progress after these steps; null if the goal is out of reach. */
function progressAfter(aim, steps) {
  let progress = { met: 0, part: "" };
  for (const { step } of steps) {
    progress = progress && advance(aim, progress, graph.steps[step][3]);
  }
  return progress;
}

/** Returns whether a path that ends in this state, with this progress, reaches the goal. */
function isReached(aim, state, progress) {
  if (!isEnd(state) || !progress) return false;
  const last = progress.part === "" ? progress : advance(aim, progress, "\n");
  const ends = aim.ends === null || aim.ends === graph.ends[graph.states[state].e]?.[0];
  return ends && last?.met === aim.lines.length;
}

const productKey = (state, { met, part }) => `${state} ${met} ${part}`;

/** Returns the keys of all pairs of a state and a progress from which the goal can be reached. */
function search(aim) {
  const before = new Map([[productKey(0, { met: 0, part: "" }), []]]);
  const reaching = [];
  const open = [[0, { met: 0, part: "" }]];
  while (open.length > 0) {
    const [state, progress] = open.pop();
    const key = productKey(state, progress);
    if (isReached(aim, state, progress)) reaching.push(key);
    for (const [, step, to] of graph.states[state].n) {
      const next = advance(aim, progress, graph.steps[step][3]);
      if (next === null) continue;
      const nextKey = productKey(to, next);
      if (before.has(nextKey)) before.get(nextKey).push(key);
      else {
        before.set(nextKey, [key]);
        open.push([to, next]);
      }
    }
  }
  const found = new Set(reaching);
  while (reaching.length > 0) {
    for (const key of before.get(reaching.pop())) {
      if (!found.has(key)) {
        found.add(key);
        reaching.push(key);
      }
    }
  }
  return found;
}

const searches = new Map();

/** Returns whether the goal can be reached after these steps. */
function canReach(aim, steps) {
  if (!searches.has(aim)) searches.set(aim, search(aim));
  const progress = progressAfter(aim, steps);
  return progress !== null && searches.get(aim).has(productKey(steps.at(-1)?.to ?? 0, progress));
}

/** What the futures are compared by: the goals, or the outputs of a program without goals. */
const aims =
  graph.goals.length > 0
    ? graph.goals.map((aim, index) => ({ ...aim, name: goalNames[index] }))
    : graph.outputs.map(({ lines }) => ({ name: lines.join(" / "), lines, lacks: [], exact: true, ends: null }));

// --- Words ---

const stepCount = (number) => (number === 1 ? t`${number} step` : t`${number} steps`);
const switchCount = (number) => (number === 1 ? t`${number} switch` : t`${number} switches`);
const capital = (text) => (graph.words ? text : text.charAt(0).toUpperCase() + text.slice(1)); // Chinese has none.
const sentence = (text) => (/[.!?。！？]$/.test(text) ? text : t`${text}.`);
const sentences = (texts) => texts.filter((text) => text !== "").join(t` `);

/** Returns the words of a step without the text that it prints, which is shown next to them. */
function wordsOf(step) {
  const [words, , , text] = graph.steps[step];
  return translated(text === null ? words : words.replace(JSON.stringify(text.replace(/\n$/, "")), "").trim());
}

/** Says what the last steps were and what they printed. */
function describe(steps) {
  if (steps.length === 0) return "";
  const { actor, step } = steps.at(-1);
  const [, file, line] = graph.steps[step];
  const [name, words] = [capital(actorNames[actor]), wordsOf(step)];
  const did = file < 0 ? words : t`${words} (line ${line})`;
  const count = steps.length;
  const texts = printedLines(steps).map(({ text }) => `“${text}”`);
  return sentences([
    count === 1 ? t`${name} ${did}.` : t`${name} takes ${count} steps; the last: it ${did}.`,
    texts.length > 0 ? t`Printed: ${listed(texts)}.` : "",
  ]);
}

/** Says how the program ended; empty if it goes on. */
function describeEnd() {
  if (!isEnd(here())) return "";
  const [kind, words] = graph.ends[graph.states[here()].e] ?? ["exit", []];
  if (words.length > 0) return sentences(words.map(translated).map(sentence));
  return kind === "exit" ? t`The program has ended.` : t`The program has ended: ${translated(kind)}.`;
}

/** Says in how many switches a goal was reached, and in how many it can be. */
function describeReached(who, needed, { fewest }) {
  return t`${who}: ${switchCount(needed)}; possible: ${fewest}`;
}

// --- What the buttons do ---

/** Adds a step to the path. A choice that differs from the plan ends the plan. */
function take(actor) {
  const found = edge(here(), actor);
  if (!found) return false;
  if (plan && plan.actors[path.length] !== actor) plan = null;
  path.push({ actor, step: found[1], to: found[2] });
  return true;
}

/** Follows the plan up to a number of steps, forwards or backwards. */
function follow(length) {
  const before = path.length;
  path = walk(plan.actors.slice(0, length));
  if (path.length > before) finish(before);
  else show(t`Back to step ${path.length}.`);
}

/** Shows the page after steps were added, and says what they did. */
function finish(before) {
  const reached = graph.goals.map((_, index) => index).filter(isReachedNow);
  const news = [describe(path.slice(before)), describeEnd()];
  for (const index of reached) {
    if (!plan?.shown) records[index] = Math.min(records[index], switches(path));
    const score = describeReached(player(), switches(path), graph.goals[index]);
    news.push(t`Goal reached: ${goalNames[index]}. ${score}.`);
  }
  if (isEnd(here()) && graph.goals.length > 0 && !reached.includes(goal)) {
    news.push(t`The goal “${goalNames[goal]}” is not reached: undo or restart.`);
  }
  show(sentences(news));
}

const player = () => (plan?.shown ? t`This way` : t`You`);

function isReachedNow(index) {
  return isReached(graph.goals[index], here(), progressAfter(graph.goals[index], path));
}

/** Lets an actor take steps as long as it can, up to a number of them. */
function choose(actor, most) {
  const before = path.length;
  while (path.length < before + most && take(actor));
  if (path.length > before) finish(before);
  else say(t`${capital(actorNames[actor])} cannot go on: ${translated(viewOf(actor)[2] || viewOf(actor)[3])}.`);
}

function undo() {
  if (path.length === 0) return say(t`This is the start: there is no step to undo.`);
  const { actor, step: undone } = path.pop();
  show(t`Undone: ${actorNames[actor]} ${translated(graph.steps[undone][0])}.`);
}

function restart() {
  path = [];
  plan = null;
  show(t`Back at the start.`);
}

/** Goes back to the start, and shows choices to follow from there. */
function setPlan(name, choices) {
  path = [];
  plan = { name, actors: parseChoices(choices) ?? [], shown: true };
  const length = stepCount(plan.actors.length);
  show(t`Back at the start. ${sentence(capital(name))} It takes ${length}: press “Next step”.`);
  byId("plan-next").focus();
}

/** Goes to a step of the table; the steps after it stay, to be followed again. */
function goTo(length) {
  plan ??= { name: t`your choices`, actors: path.map(({ actor }) => actor), shown: false };
  follow(length);
}

function nextGoal() {
  if (graph.goals.length < 2) return say(t`This program has no other goal.`);
  selectGoal((goal + 1) % graph.goals.length);
}

function selectGoal(index) {
  goal = index;
  show(t`Goal ${goal + 1} of ${goalNames.length}: ${goalNames[goal]}.`);
}

function compare() {
  comparing = !comparing;
  show(comparing ? t`Each column shows what is still possible after its step.` : t`Futures are hidden.`);
}

// --- The page ---

const byId = (id) => document.getElementById(id);

/** Creates an element. */
function create(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function button(label, attributes, action) {
  const element = create("button", { type: "button", ...attributes }, ...[label].flat());
  element.addEventListener("click", action);
  return element;
}

/** Marks a button as not usable now. It keeps the focus, and says why when it is pressed. */
function enable(element, can) {
  element.setAttribute("aria-disabled", String(!can));
}

function say(text) {
  byId("news").textContent = text;
}

function show(news) {
  byId("link").hidden = true;
  columns.forEach(showColumn);
  showBar();
  showGoals();
  showPrinted();
  showLanes();
  writeHash();
  say(comparing ? sentences([news, describeFutures()]) : news);
  columns.forEach(scrollSource); // Last: it reads the layout, which every change before it makes out of date.
}

/** Returns what an actor is about to do: file, line, words, state. */
function viewOf(actor) {
  return graph.views[graph.states[here()].v[actor] ?? -1] ?? [-1, 0, "", "not started"];
}

function createColumn(name, actor) {
  const id = `actor-${actor}`;
  const key = actor < 10 ? String(actor) : ""; // As in the choices, and in the terminal.
  const column = {
    state: create("span", { class: "state" }),
    last: create("span", { class: "last" }),
    next: create("p", { class: "next" }),
    futures: create("div", { class: "futures" }),
    file: create("figcaption"),
    source: create("div", { class: "source", tabindex: 0, role: "region" }),
    lines: [],
    shownFile: -1,
  };
  column.step = button([t`One step`, ...(key ? [" ", create("kbd", {}, key)] : [])], { class: "step" }, () =>
    choose(actor, 1),
  );
  if (key) column.step.setAttribute("aria-keyshortcuts", key);
  column.run = button(t`Run on`, { class: "run", title: t`Take steps until it waits or ends` }, () =>
    choose(actor, graph.states.length),
  );
  column.root = create(
    "section",
    { class: "actor", "aria-labelledby": id },
    create("h2", { id }, name, " ", column.state, " ", column.last),
    column.next,
    create("div", { class: "buttons" }, column.step, column.run),
    column.futures,
    hasSource(actor)
      ? create("figure", {}, column.file, column.source)
      : create("p", { class: "place" }, t`A program of the system: its source is not shown.`),
  );
  return column;
}

/** Shows an actor's state, its next step, and its source around the line where it stands. */
function showColumn(column, actor) {
  const [file, line, words, state] = viewOf(actor);
  const can = edge(here(), actor) !== undefined;
  const name = actorNames[actor];
  const next = translated(words);
  column.root.dataset.state = can ? "ready" : state.replace(" ", "-");
  column.state.textContent = translated(state);
  column.last.textContent = path.at(-1)?.actor === actor ? t`went last` : "";
  column.next.textContent = words === "" || file < 0 ? next : t`Line ${line}: ${next}`;
  for (const [element, label] of [
    [column.step, t`One step`],
    [column.run, t`Run on`],
  ]) {
    enable(element, can);
    element.setAttribute("aria-label", words === "" ? t`${label}: ${name}` : t`${label}: ${name} ${next}`);
  }
  const planned = plan !== null && plan.actors[path.length] === actor;
  column.root.classList.toggle("planned", planned);
  if (planned) column.last.textContent = t`next in the way shown`;
  showFutures(column.futures, actor, can);
  showSource(column, actor, file, line);
}

/** Returns whether an actor's source is in the page: a program such as `cat` has none. */
function hasSource(actor) {
  return graph.states.some(({ v }) => graph.views[v[actor] ?? -1]?.[0] >= 0);
}

/** Shows a file with the current line marked. An actor without a place stays at its last line, unmarked. */
function showSource(column, actor, file, line) {
  const last = path.findLast((taken) => taken.actor === actor && graph.steps[taken.step][1] >= 0);
  const [, lastFile, lastLine] = last ? graph.steps[last.step] : ["", 0, 1];
  const shown = file < 0 ? lastFile : file;
  if (shown !== column.shownFile) {
    column.shownFile = shown;
    column.file.textContent = graph.files[shown].path;
    column.lines = graph.files[shown].lines.map(sourceLine);
    column.source.replaceChildren(...column.lines);
  }
  for (const row of column.source.querySelectorAll("[aria-current]")) row.removeAttribute("aria-current");
  const row = column.lines[(file < 0 ? lastLine : line) - 1];
  if (file >= 0) row?.setAttribute("aria-current", "true");
  const name = actorNames[actor];
  column.source.setAttribute("aria-label", file < 0 ? t`Source of ${name}` : t`Source of ${name}, line ${line}`);
  column.row = row;
}

/** Scrolls a column's source only if its line is not well inside, so that the source does not move with each step. */
function scrollSource({ source: box, row }) {
  if (!row) return;
  const margin = box.clientHeight / 5;
  const top = row.offsetTop - box.scrollTop;
  if (top < margin || top + row.offsetHeight > box.clientHeight - margin) {
    box.scrollTop = row.offsetTop - (box.clientHeight - row.offsetHeight) / 3;
  }
}

/** Creates a line of source: its number, and its code, which wraps between words and calls with a hanging indent. */
function sourceLine(text, index) {
  const code = create("code");
  const bare = text.trimStart();
  code.style.setProperty("--indent", text.length - bare.length);
  const comment = bare.search(/(^|\s)\/\/(?=([^"]*"[^"]*")*[^"]*$)/);
  code.append(...withBreaks(comment < 0 ? bare : bare.slice(0, comment)));
  if (comment >= 0) code.append(create("span", { class: "comment" }, bare.slice(comment)));
  return create("div", { class: "line" }, create("span", { class: "number" }, String(index + 1)), code);
}

function withBreaks(text) {
  return text.split(/(?<=::|\()(?=\w)|(?=\.[a-z])/).flatMap((piece, i) => (i > 0 ? [create("wbr"), piece] : [piece]));
}

/** Shows which goals an actor's next step leaves within reach, and which it loses. */
function showFutures(element, actor, can) {
  element.replaceChildren();
  element.hidden = !comparing || !can;
  if (element.hidden) return;
  const [, next, to] = edge(here(), actor);
  const items = aims
    .filter((aim) => canReach(aim, path))
    .map((aim) =>
      canReach(aim, [...path, { actor, step: next, to }])
        ? create("li", { class: "kept" }, "✓ ", create("span", {}, aim.name))
        : create("li", { class: "lost" }, "✗ ", create("s", {}, aim.name), " ", t`lost`),
    );
  if (items.length === 0) items.push(create("li", {}, t`none of the goals`));
  element.append(create("p", {}, t`Possible after this step:`), create("ul", {}, ...items));
}

/** Says whether it matters for the goals who goes next. */
function describeFutures() {
  const possible = graph.states[here()].n.map(([actor, next, to]) =>
    aims.map((aim) => canReach(aim, [...path, { actor, step: next, to }])).join(),
  );
  if (possible.length < 2) return "";
  if (new Set(possible).size > 1) return t`Here the choices differ.`;
  return t`Here every choice leaves the same goals possible.`;
}

function showBar() {
  byId("goal").textContent = goalNames[goal] ?? t`none`;
  byId("counter").textContent = t`${stepCount(path.length)}, ${switchCount(switches(path))}`;
  enable(byId("undo"), path.length > 0);
  byId("compare").setAttribute("aria-pressed", String(comparing));
  byId("plan").hidden = plan === null;
  if (plan) {
    byId("plan-name").textContent = t`${capital(plan.name)}: step ${path.length} of ${plan.actors.length}`;
    enable(byId("plan-next"), path.length < plan.actors.length);
    enable(byId("plan-end"), path.length < plan.actors.length);
  }
}

function showGoals() {
  goalRows.forEach(({ row, pick, result }, index) => {
    pick.setAttribute("aria-pressed", String(index === goal));
    const reached = isReachedNow(index);
    row.dataset.reached = String(reached);
    const aim = graph.goals[index];
    const record = () => describeReached(t`You`, records[index], aim);
    if (reached) result.textContent = t`✓ Reached. ${describeReached(player(), switches(path), aim)}`;
    else if (records[index] < Infinity) result.textContent = t`Reached before. ${record()}`;
    else result.textContent = isEnd(here()) ? t`✗ Not reached` : "";
  });
}

function createGoal({ choices }, index) {
  const name = goalNames[index];
  const pick = button(name, { class: "pick" }, () => selectGoal(index));
  const result = create("span", { class: "result" });
  const way = button(t`Show a way`, { class: "way", "aria-label": t`Show a way: ${name}` }, () => {
    goal = index;
    setPlan(t`a way to “${name}”`, choices);
  });
  const row = create("li", {}, pick, " ", result, " ", way);
  return { row, pick, result };
}

function showPrinted() {
  const lines = printedLines(path);
  byId("printed").replaceChildren(
    ...lines.map(({ actor, text }) =>
      create("li", {}, create("samp", {}, text), " ", create("span", { class: "by" }, actorNames[actor])),
    ),
  );
  byId("end").textContent = describeEnd() || (lines.length === 0 ? t`Nothing yet.` : "");
  const holds = graph.states[here()].h.map((index) => create("li", {}, translated(graph.holds[index])));
  byId("holds").replaceChildren(
    ...(holds.length > 0 ? holds : [create("li", {}, t`No lock is held, and no pipe holds anything.`)]),
  );
}

/** Shows the steps as a table with a column for each actor: those taken, then those of the plan that follow. */
function showLanes() {
  const all = plan ? walk(plan.actors) : path;
  const heads = [t`Step`, ...actorNames].map((text) => create("th", { scope: "col" }, text));
  const table = create("table", {}, create("thead", {}, create("tr", {}, ...heads)));
  table.append(create("tbody", { class: "taken" }, ...path.map((_, i) => laneRow(path, i))));
  if (all.length > path.length) {
    const title = create("th", { colspan: graph.actors.length + 1, scope: "rowgroup" }, t`Still to come`);
    table.append(
      create(
        "tbody",
        { class: "to-come" },
        create("tr", { class: "title" }, title),
        ...all.slice(path.length).map((_, i) => laneRow(all, path.length + i)),
      ),
    );
  }
  byId("lanes").replaceChildren(all.length > 0 ? table : create("p", {}, t`No steps yet.`));
}

function laneRow(steps, index) {
  const { actor, step: taken } = steps[index];
  const [, file, line, text] = graph.steps[taken];
  const isSwitch = index > 0 && steps[index - 1].actor !== actor;
  const cells = graph.actors.map(() => create("td"));
  cells[actor].append(wordsOf(taken));
  if (text !== null) cells[actor].append(" ", create("samp", {}, text.replace(/\n$/, "")));
  if (file >= 0) cells[actor].append(" ", create("span", { class: "place" }, t`line ${line}`));
  cells[actor].className = text === null ? "moves" : "moves prints";
  const jump = button(String(index + 1), { "aria-label": t`Go to step ${index + 1}` }, () => goTo(index + 1));
  return create("tr", isSwitch ? { class: "switch" } : {}, create("th", { scope: "row" }, jump), ...cells);
}

// --- The link ---

const pageAddress = () => location.href.split("#")[0];

function hash() {
  const parts = [];
  if (path.length > 0) parts.push(`choices=${writeChoices(path.map(({ actor }) => actor))}`);
  if (goal > 0) parts.push(`goal=${encodeURIComponent(graph.goals[goal].name)}`);
  return parts.length > 0 ? `#${parts.join("&")}` : "";
}

let hashTimer = 0;

/** Keeps the link for the choices, and writes it to the page's address. Browsers limit how often: so, at most every 300 ms. */
function writeHash() {
  byId("copy").dataset.link = hash();
  hashTimer ||= setTimeout(() => {
    hashTimer = 0;
    history.replaceState(null, "", pageAddress() + hash());
  }, 300);
}

/** Restores the choices and the goal of the page's address. */
function readHash() {
  const link = new URLSearchParams(location.hash.slice(1));
  goal = Math.max(
    0,
    graph.goals.findIndex(({ name }) => name === link.get("goal")),
  );
  const actors = parseChoices(link.get("choices") ?? "");
  plan = null;
  path = walk(actors ?? []);
  if (actors === null) show(t`The link's choices cannot be read. This is the start.`);
  else if (path.length < actors.length)
    show(t`The link's choices do not fit this program. Steps taken: ${path.length}.`);
  else if (path.length > 0) finish(path.length - 1);
  else show(t`This is the start: choose who goes first.`);
}

async function copyLink() {
  const address = pageAddress() + hash();
  try {
    await navigator.clipboard.writeText(address);
    say(t`The link is copied. It opens this page after the same choices.`);
  } catch {
    byId("link").hidden = false;
    byId("link").querySelector("input").value = address;
    byId("link").querySelector("input").select();
    say(t`Copy the link from the field.`);
  }
}

// --- Keys ---

const keys = {
  u: () => byId("undo").click(),
  r: () => byId("restart").click(),
  g: () => byId("next-goal").click(),
  f: () => byId("compare").click(),
  n: () => (plan ? byId("plan-next").click() : say(t`No way is shown: press “Show a way” at a goal.`)),
  e: runOnLast,
  ArrowLeft: () => moveFocus(-1),
  ArrowRight: () => moveFocus(1),
};

/** Runs on the actor that went last, or the only one that can go. */
function runOnLast() {
  const ready = graph.states[here()].n;
  const actor = path.at(-1)?.actor ?? (ready.length === 1 ? ready[0][0] : null);
  if (actor === null) say(t`Choose first who goes.`);
  else columns[actor].run.click();
}

/** Moves the focus from a column's button to the same button of the next column. */
function moveFocus(by) {
  const focused = document.activeElement;
  const from = columns.findIndex(({ root }) => root.contains(focused));
  const to = columns[from + by];
  if (from >= 0 && to) (focused === columns[from].run ? to.run : to.step).focus();
}

function pressKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !byId("keys").checked) return;
  if (event.target.closest?.("select, input:not([type=checkbox])")) return;
  if (event.key.startsWith("Arrow") && !event.target.closest?.(".actor .buttons")) return;
  const column = /^[0-9]$/.test(event.key) ? columns[Number(event.key)] : undefined;
  const action = column
    ? () => column.step.click()
    : keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

// --- The start ---

const columns = actorNames.map(createColumn);
const goalRows = graph.goals.map(createGoal);

function start() {
  if (graph.words) translatePage();
  byId("actors").append(...columns.map(({ root }) => root));
  byId("actors").dataset.count = columns.length;
  byId("next-goal").hidden = graph.goals.length < 2;
  byId("goals").append(...goalRows.map(({ row }) => row));
  byId("output").append(
    ...graph.outputs.map(({ number, lines }, index) => {
      const text = lines.join(" / ") || t`(nothing)`;
      return create("option", { value: index }, t`${number} of ${graph.possible}: ${text}`);
    }),
  );
  byId("replay").addEventListener("submit", (event) => {
    event.preventDefault();
    const index = Number(byId("output").value);
    setPlan(t`a way to output ${graph.outputs[index].number}`, graph.outputs[index].choices);
  });
  const actions = {
    undo,
    restart,
    compare,
    copy: copyLink,
    "next-goal": nextGoal,
    "plan-next": () => (path.length < plan.actors.length ? follow(path.length + 1) : say(t`This is the last step.`)),
    "plan-end": () => follow(plan.actors.length),
    "plan-leave": () => {
      plan = null;
      show(t`From here on you choose.`);
    },
  };
  for (const [id, action] of Object.entries(actions)) byId(id).addEventListener("click", action);
  document.addEventListener("keydown", pressKey);
  window.addEventListener("hashchange", readHash);
  document.querySelector("main").hidden = false;
  readHash();
}

start();
if (new URLSearchParams(location.search).has("test")) document.head.append(create("script", { src: "test.js" }));
