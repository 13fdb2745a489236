// The plan of an evacuation: where to, which way, by what, by when, in every language. It stands in
// the form where the chosen danger needs one; what is missing is said all at once, each beside its field.
import { find, hms, make, set, word } from './parts.js';

export const FIELDS = ['destination', 'routes', 'transport', 'assembly', 'help'];
const languages = set.languages.split(' ');
const field = (name, language) => find(`ev-${language}-${name}`);
const legend = (language) => find('plan').querySelector(`[data-plan-language="${CSS.escape(language)}"] legend`).textContent;

export const show = (isWanted) => { find('plan').hidden = !isWanted; };

// A local time of the profile's zone as a moment: the offset is that of the day itself.
function moment(local) {
  const asUtc = Date.parse(`${local}:00Z`);
  if (Number.isNaN(asUtc)) return '';
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: set.zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const offset = (ms) => {
    const p = Object.fromEntries(format.formatToParts(ms).map((each) => [each.type, each.value]));
    return Date.parse(`${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:${p.second}Z`) - ms;
  };
  const first = asUtc - offset(asUtc);
  return new Date(asUtc - offset(first)).toISOString();
}

// A moment as the field for it holds it; the zone's offset is the one of now, near enough to be read again.
const local = (iso) => new Date(Date.parse(iso) + set.offset * 60e3).toISOString().slice(0, 16);

export function read() {
  const plan = {};
  for (const name of FIELDS)
    plan[name] = Object.fromEntries(languages.map((each) => [each, field(name, each).value.trim()]).filter(([, said]) => said));
  const deadline = moment(find('ev-deadline').value);
  return { ...plan, ...(deadline ? { deadline } : {}), assembly_public: find('ev-public').checked };
}

// The page's own sentence for what the server says is missing; none for any other refusal.
export function lack({ rule, field: pointer = '' }) {
  if (rule !== 'evacuation-incomplete') return '';
  const [, , name, language] = pointer.split('/');
  if (name === 'deadline') return word('need.deadline');
  return FIELDS.includes(name) && languages.includes(language) ? word('need.plan', { field: word(`plan.${name}`), language: legend(language) }) : '';
}

// Where a refusal of the plan stands: the id of the line beside, and the field to go to.
export function place(pointer) {
  const [, , name, language] = pointer.split('/');
  if (name === 'deadline') return ['e-ev-deadline', find('ev-deadline')];
  if (name === 'assembly_public') return ['e-ev', find('ev-public')];
  const to = FIELDS.includes(name) ? field(name, language ?? languages[0]) : null;
  return to ? [`e-${to.id}`, to] : ['e-ev', find('ev-deadline')];
}

// Put a plan back that was sent back.
export function fill(plan) {
  if (!plan) return;
  for (const name of FIELDS) for (const language of languages) field(name, language).value = plan[name]?.[language] ?? '';
  find('ev-deadline').value = plan.deadline ? local(plan.deadline) : '';
  find('ev-public').checked = Boolean(plan.assembly_public);
}

// The plan as it will be read, for the review; the box is hidden where there is none.
export function told(plan, into) {
  into.hidden = !plan;
  into.replaceChildren();
  if (!plan) return;
  const until = Date.parse(plan.deadline);
  into.append(
    make('p', {}, make('b', {}, word('plan.deadline')), ` ${local(plan.deadline).slice(0, 10)} ${hms(until).slice(0, 5)}`),
    ...languages.map((language) => make('dl', { class: 'kv', lang: language },
      ...FIELDS.flatMap((name) => [make('dt', { lang: document.documentElement.lang }, word(`plan.${name}`)), make('dd', {}, plan[name]?.[language] ?? '–')]))),
    make('p', { class: 'fine' }, word(plan.assembly_public ? 'plan.public' : 'plan.closed')),
  );
}

export function start(touched) {
  for (const each of find('plan').querySelectorAll('textarea, input')) each.addEventListener('change', touched);
}
