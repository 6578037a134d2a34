// Live what-if: the advisor's whole-number arithmetic over the table that the page carries.
// Points are whole numbers far below 2^53, so every sum and comparison here is exact.
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("what-if-data").textContent);
  const LARGEST_EXACT = Number.MAX_SAFE_INTEGER;
  const LARGEST_ARRAY = 2 ** 19;

  // A state holds one mask for every need: its bits are the choices still possible, 0 is "don't know".

  const bitsOf = (mask) => {
    const bits = [];
    for (let bit = 1; bit <= mask; bit *= 2) {
      if (mask & bit) bits.push(bit);
    }
    return bits;
  };

  const chosen = (mask) => (mask && !(mask & (mask - 1)) ? Math.log2(mask) : -1);

  const holds = (condition, state) =>
    condition.every(([need, mask]) => state[need] && !(state[need] & ~mask));

  const isActive = (part, state) =>
    holds(part.when, state) && !(part.unless.length && holds(part.unless, state));

  // Needs that are known not to apply: a need they hang on has an answer outside the condition, or does not apply itself.
  function inapplicable(state) {
    const out = new Set();
    for (const [need, gate] of data.gates) {
      if (gate.some(([named, mask]) => out.has(named) || (state[named] && !(state[named] & mask)))) out.add(need);
    }
    return out;
  }

  function applied(state) {
    const result = state.slice();
    for (const [need, gate] of data.gates) {
      if (result[need] && !holds(gate, result)) result[need] = 0;
    }
    return result;
  }

  // Within a group the heaviest weights count in full until the limit is used up; the rest is cut.
  function counted(terms) {
    const weights = terms.map((term) => term.weight);
    const used = new Map();
    const order = terms.map((_, at) => at).sort((a, b) => terms[b].weight - terms[a].weight || a - b);
    for (const at of order) {
      const { group, weight } = terms[at];
      if (group < 0) continue;
      const left = data.limits[group] - (used.get(group) ?? 0);
      weights[at] = Math.min(weight, Math.max(left, 0));
      used.set(group, (used.get(group) ?? 0) + weight);
    }
    return weights;
  }

  // Adds up the answers to some needs, with the trail: which weights counted, which musts excluded whom.
  function score(state, needs) {
    const known = applied(state);
    const terms = [];
    const musts = [];
    for (const need of needs) {
      const choice = chosen(known[need]);
      if (choice < 0) continue;
      const { terms: asked, musts: required } = data.needs[need].choices[choice];
      terms.push(...asked.filter((term) => isActive(term, known)));
      musts.push(...required.filter((must) => isActive(must, known)));
    }
    const weights = counted(terms);
    const points = new Array(data.alternatives.length + 1).fill(0);
    terms.forEach((term, at) => term.levels.forEach((level, who) => (points[who] += weights[at] * level)));
    const perfect = points.pop();
    const excluded = musts.reduce((mask, must) => mask | must.below, 0);
    return { terms, weights, musts, points, perfect, excluded };
  }

  function leaders({ points, perfect, excluded }) {
    if (!excluded && !perfect) return [];
    const admitted = points.map((_, who) => who).filter((who) => !(excluded & (1 << who)));
    const best = Math.max(...admitted.map((who) => points[who]));
    return admitted.filter((who) => points[who] === best);
  }

  // Every way to answer the open needs of one block; a need that does not apply stays open, in one way.
  function completions(block, state) {
    const ways = new Map();
    const seen = new Set();
    const gates = data.gates.filter(([need]) => block.includes(need));
    const options = block.map((need) => bitsOf(state[need] || data.needs[need].full));
    const total = options.reduce((product, bits) => product * bits.length, 1);
    const full = new Array(data.needs.length).fill(0);
    for (let number = 0; number < total; number += 1) {
      let rest = number;
      block.forEach((need, at) => {
        full[need] = options[at][rest % options[at].length];
        rest = Math.floor(rest / options[at].length);
      });
      for (const [need, gate] of gates) {
        if (!gate.every(([named, mask]) => full[named] & mask)) full[need] = 0;
      }
      const key = block.map((need) => full[need]).join();
      if (seen.has(key)) continue;
      seen.add(key);
      const { points, perfect, excluded } = score(full, block);
      const outcome = JSON.stringify([points, perfect > 0, excluded]);
      ways.set(outcome, (ways.get(outcome) ?? 0) + 1);
    }
    return [...ways].map(([outcome, number]) => {
      const [points, weighs, excluded] = JSON.parse(outcome);
      return { points, weighs, excluded, ways: number };
    });
  }

  const remembered = new Map();

  function blockOutcomes(number, state) {
    const block = data.blocks[number];
    const key = `${number}:${block.map((need) => state[need]).join()}`;
    if (!remembered.has(key)) remembered.set(key, completions(block, state));
    return remembered.get(key);
  }

  // A cell numbers one vector of differences in points to the first alternative, each rival's on an axis of its own.
  function axesOf(blocks) {
    const axes = [];
    let cells = 1;
    for (let rival = 1; rival < data.alternatives.length; rival += 1) {
      const axis = { stride: cells, low: 0, lows: [], spans: [] };
      let width = 1;
      for (const block of blocks) {
        const differences = block.map(({ points }) => points[rival] - points[0]);
        const low = Math.min(...differences);
        axis.lows.push(low);
        axis.low += low;
        axis.spans.push(Math.max(...differences) - low);
        width += axis.spans.at(-1);
      }
      axes.push(axis);
      cells *= width;
    }
    return { axes, cells };
  }

  // Ways by cell: an array where that is small enough to sweep, otherwise a map of the cells reached.
  const newWays = (cells) => (cells <= LARGEST_ARRAY ? new Float64Array(cells) : new Map());

  function addShifted(target, source, reach, shift, times) {
    if (source instanceof Map) {
      for (const [cell, ways] of source) target.set(cell + shift, (target.get(cell + shift) ?? 0) + ways * times);
      return;
    }
    for (let cell = 0; cell <= reach; cell += 1) {
      if (source[cell]) target[cell + shift] += source[cell] * times;
    }
  }

  // Counts the ways to answer the open needs by who leads: blocks are independent, so their outcomes are convolved.
  // null: too many to count exactly.
  function count(state) {
    // Large blocks go first, while there is little to combine them with.
    const blocks = data.blocks
      .map((_, number) => blockOutcomes(number, state))
      .sort((a, b) => b.length - a.length);
    const total = blocks.reduce((product, block) => product * block.reduce((sum, { ways }) => sum + ways, 0), 1);
    const { axes, cells } = axesOf(blocks);
    if (total > LARGEST_EXACT || cells > LARGEST_EXACT) return null;
    const start = newWays(cells);
    if (start instanceof Map) start.set(0, 1);
    else start[0] = 1;
    let sums = new Map([[0, start]]); // excluded → ways by cell
    let reach = 0; // the last cell that any way so far leads to
    let baseless = 1;
    blocks.forEach((block, at) => {
      const merged = new Map();
      for (const { points, excluded, ways } of block) {
        const shift = axes.reduce(
          (sum, { stride, lows }, rival) => sum + stride * (points[rival + 1] - points[0] - lows[at]),
          0,
        );
        for (const [out, source] of sums) {
          if (!merged.has(out | excluded)) merged.set(out | excluded, newWays(cells));
          addShifted(merged.get(out | excluded), source, reach, shift, ways);
        }
      }
      sums = merged;
      reach += axes.reduce((sum, { stride, spans }) => sum + stride * spans[at], 0);
      baseless *= block.reduce((sum, { weighs, excluded, ways }) => sum + (weighs || excluded ? 0 : ways), 0);
    });
    const byLeaders = new Map();
    for (const [excluded, counts] of sums) {
      for (const [cell, number] of counts.entries()) {
        if (!number) continue;
        const mask = leadersOfCell(cell, axes, cells, excluded);
        byLeaders.set(mask, (byLeaders.get(mask) ?? 0) + number);
      }
    }
    const everybody = 2 ** data.alternatives.length - 1;
    if (baseless) byLeaders.set(everybody, byLeaders.get(everybody) - baseless);
    return { total, byLeaders };
  }

  function leadersOfCell(cell, axes, cells, excluded) {
    let best = null;
    let mask = 0;
    for (let who = 0; who <= axes.length; who += 1) {
      if (excluded & (1 << who)) continue;
      const next = axes[who]?.stride ?? cells;
      const own = who ? Math.floor((cell % next) / axes[who - 1].stride) + axes[who - 1].low : 0;
      if (best === null || own > best) {
        best = own;
        mask = 1 << who;
      } else if (own === best) {
        mask |= 1 << who;
      }
    }
    return mask;
  }

  const isSame = (one, other) => one.length === other.length && one.every((who, at) => who === other[at]);

  // The choices one step from a known answer: its neighbours on a scale, all others elsewhere.
  function choiceSteps(need, mask) {
    const { full, ordered } = data.needs[need];
    if (chosen(mask) < 0) return [];
    return ordered ? [mask >> 1, mask << 1].filter((bit) => bit & full) : bitsOf(full & ~mask);
  }

  const everyNeed = data.needs.map((_, need) => need);

  const answersAreFirm = (state, lead) =>
    state.every((mask, need) =>
      choiceSteps(need, mask).every((other) => isSame(leaders(score(state.with(need, other), everyNeed)), lead)),
    );

  // Whether no single rating, moved by one step of its scale, changes the first place.
  function ratingsAreFirm({ terms, weights, musts, points, perfect, excluded }, lead) {
    return data.criteria.every(({ steps, levels, lifts }, criterion) => {
      const weight = terms.reduce((sum, term, at) => sum + (term.criterion === criterion ? weights[at] : 0), 0);
      const required = musts.filter((must) => must.criterion === criterion);
      if (!weight && !required.length) return true;
      return levels.every((before, who) => {
        const place = steps.indexOf(before);
        const after = place < 0 ? [] : [steps[place - 1], steps[place + 1]].filter((level) => level !== undefined);
        return after.every((level) => {
          const below = (must) =>
            must.criterion === criterion
              ? Math.max(level, must.withAddOns ? lifts[who] : 0) < must.atLeast
              : must.below & (1 << who);
          const others = excluded & ~(1 << who);
          const moved = points.with(who, points[who] + weight * (level - before));
          return isSame(
            leaders({ points: moved, perfect, excluded: musts.some(below) ? others | (1 << who) : others }),
            lead,
          );
        });
      });
    });
  }

  function firmnessOf(state, result, lead) {
    if (!lead.length) return null;
    if (lead.length > 1) return "tie";
    return answersAreFirm(state, lead) && ratingsAreFirm(result, lead) ? "firm" : "close";
  }

  const tenths = (points, perfect) => (perfect ? Math.floor((2000 * points + perfect) / (2 * perfect)) : 0);

  // The whole result for one state, as `advisor recommend` gives it.
  function evaluate(given) {
    const out = inapplicable(given);
    const state = given.map((mask, need) => (out.has(need) ? 0 : mask));
    const result = score(state, everyNeed);
    const lead = leaders(result);
    const counts = count(state);
    const ways = data.alternatives.map((_, who) =>
      counts === null
        ? null
        : [...counts.byLeaders].reduce((sum, [mask, number]) => sum + (mask & (1 << who) ? number : 0), 0),
    );
    const mask = lead.reduce((sum, who) => sum | (1 << who), 0);
    let verdict = "open";
    if (counts !== null) {
      const same = counts.byLeaders.get(mask) === counts.total;
      if (!mask && result.excluded && same) verdict = "nothing-fits";
      else if (mask && same) verdict = "settled";
      else if (lead.length === 1 && 2 * ways[lead[0]] > counts.total) verdict = "leaning";
    }
    return {
      ...result,
      state,
      inapplicable: [...out],
      leaders: lead,
      scores: result.points.map((points) => tenths(points, result.perfect)),
      verdict,
      firmness: firmnessOf(state, result, lead),
      ways,
      total: counts === null ? null : counts.total,
    };
  }

  // From here on: the page. Text is only ever set as text, never as markup.

  const form = document.getElementById("what-if-form");
  const find = (name) => document.querySelector(`[data-live="${name}"]`);
  const number = new Intl.NumberFormat("en").format;
  const names = (places, last) => {
    const listed = places.map((who) => data.alternatives[who].name);
    return listed.length > 1 ? `${listed.slice(0, -1).join(", ")} ${last} ${listed.at(-1)}` : listed.join("");
  };
  const oneDecimal = (value) => `${Math.floor(value / 10)}.${value % 10}`;

  const label = (need, mask) => {
    const chosenLabels = bitsOf(mask).map((bit) => data.needs[need].choices[Math.log2(bit)].label);
    return chosenLabels.length ? chosenLabels.join(" or ") : "Don’t know";
  };

  function element(tag, text, className) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  const current = () =>
    data.needs.map((_, need) => Number(form.querySelector(`input[name="need-${need}"]:checked`).value));

  function sentence({ leaders: lead, verdict, excluded, ways, total }) {
    if (!lead.length) {
      return excluded ? "Nothing fits: every one misses a must." : "No answer weighs anything yet.";
    }
    const who = lead.length > 1 ? `${names(lead, "and")} tie` : `${names(lead, "and")} leads`;
    if (verdict === "settled") return `${who}, whatever the open answers are.`;
    if (total === null) return `${who} on what is answered.`;
    if (lead.length > 1) return `${who} on what is answered; open answers can change that.`;
    return `${who} in ${number(ways[lead[0]])} of ${number(total)} ways to answer what is open.`;
  }

  function showScores(result) {
    data.alternatives.forEach((alternative, who) => {
      const row = document.querySelector(`[data-score="${who}"]`);
      const out = Boolean(result.excluded & (1 << who));
      row.classList.toggle("is-leader", result.leaders.includes(who));
      row.classList.toggle("is-out", out);
      row.querySelector(".number").textContent = oneDecimal(result.scores[who]);
      row.querySelector(".fill").setAttribute("width", `${result.scores[who] / 10}%`);
      const moved = result.scores[who] - original.scores[who];
      const sign = moved > 0 ? "+" : "−";
      const change = moved ? `${sign}${oneDecimal(Math.abs(moved))} against the record` : "as recorded";
      row.querySelector(".change").textContent = change;
      row.querySelector(".ruled").hidden = !out;
    });
  }

  function showReasons({ leaders: lead, terms, weights, musts }) {
    const who = lead.length ? lead[0] : -1;
    const reasons = terms
      .map((term, at) => ({ term, points: who < 0 ? 0 : weights[at] * term.levels[who] }))
      .filter(({ points }) => points)
      .sort((a, b) => b.points - a.points)
      .slice(0, 6)
      .map(({ term, points }) => {
        const item = element("li", "");
        item.append(element("strong", `${data.criteria[term.criterion].title}, ${number(points)} points. `));
        item.append(data.criteria[term.criterion].because[who]);
        return item;
      });
    find("why-title").textContent = who < 0 ? "Why" : `What gives ${data.alternatives[who].name} its points`;
    find("why").replaceChildren(...(reasons.length ? reasons : [element("li", "Nothing yet: give an answer.")]));
    const ruledOut = musts.flatMap((must) =>
      data.alternatives
        .filter((_, place) => must.below & (1 << place))
        .map(({ name }) => element("li", `${name}: ${must.says}`)),
    );
    find("out").replaceChildren(...ruledOut);
    find("out-section").hidden = !ruledOut.length;
  }

  function showAnswers(result) {
    let changed = 0;
    data.needs.forEach((need, at) => {
      const box = form.querySelector(`[data-need="${at}"]`);
      const mask = current()[at];
      const out = result.inapplicable.includes(at);
      const differs = mask !== data.recorded[at];
      changed += differs ? 1 : 0;
      box.classList.toggle("is-changed", differs);
      box.classList.toggle("is-idle", out);
      box.disabled = out;
      const note = box.querySelector(".note");
      note.textContent = out
        ? "Does not apply with these answers."
        : differs
          ? `Recorded: ${label(at, data.recorded[at])}`
          : "";
    });
    find("changed").textContent = changed
      ? `${changed} ${changed === 1 ? "answer differs" : "answers differ"} from the record.`
      : "These are the recorded answers.";
    find("reset").disabled = !changed;
  }

  const quoted = (word) => (/^[\w,.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  const ids = (need, mask) => bitsOf(mask).map((bit) => data.needs[need].choices[Math.log2(bit)].id).join(",");

  function showCommand({ state }) {
    const flags = state.flatMap((mask, need) => (mask ? [`--${data.needs[need].id} ${quoted(ids(need, mask))}`] : []));
    find("command").textContent = ["advisor recommend", ...flags].join(" ");
    const link = new URLSearchParams(state.flatMap((mask, need) => (mask ? [[data.needs[need].id, ids(need, mask)]] : [])));
    find("link").href = `#what-if?${link}`;
  }

  function show() {
    const result = evaluate(current());
    find("verdict").textContent = sentence(result);
    find("state").textContent = result.verdict.replace("-", " ");
    find("state").className = `badge is-${result.verdict}`;
    find("firmness").textContent = result.firmness ?? "";
    find("firmness").hidden = result.firmness === null;
    showScores(result);
    showReasons(result);
    showAnswers(result);
    showCommand(result);
  }

  function choose(state) {
    state.forEach((mask, need) => {
      const input = form.querySelector(`input[name="need-${need}"][value="${mask}"]`);
      if (input) input.checked = true;
    });
    show();
  }

  // A link such as #what-if?scale=large sets answers; what it does not name stays open, what is unknown is ignored.
  function fromLink() {
    const [place, query] = window.location.hash.split("?");
    if (place !== "#what-if" || !query) return null;
    const given = new URLSearchParams(query);
    return data.needs.map((need) => {
      const wanted = (given.get(need.id) ?? "").split(",");
      return need.choices.reduce((mask, choice, at) => (wanted.includes(choice.id) ? mask | (1 << at) : mask), 0);
    });
  }

  const original = evaluate(data.recorded);
  globalThis.whatIf = { data, evaluate };
  form.addEventListener("change", show);
  find("reset").addEventListener("click", () => choose(data.recorded));
  window.addEventListener("hashchange", () => {
    const linked = fromLink();
    if (linked) choose(linked);
  });
  for (const part of document.querySelectorAll(".what-if, .try")) part.hidden = false;
  choose(fromLink() ?? data.recorded);
})();
