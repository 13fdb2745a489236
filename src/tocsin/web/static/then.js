// A slider beside the time of day; without a script the fields and the button do the same. The public's
// form has a day and a time, the desk's one field of both.
const STILL_MS = 400; // an arrow key moves it step by step: go there once it rests

for (const range of document.querySelectorAll('.moments input[type="range"]')) {
  const { form } = range, { time, at } = form.elements;
  const two = (n) => String(n).padStart(2, '0');
  let going;
  range.hidden = false;
  range.addEventListener('input', () => {
    const clock = `${two(Math.floor(range.value / 60))}:${two(range.value % 60)}`;
    if (at) at.value = `${at.value.slice(0, 10)}T${clock}`;
    else time.value = clock;
  });
  range.addEventListener('change', () => {
    clearTimeout(going);
    going = setTimeout(() => form.requestSubmit(), STILL_MS);
  });
}
