// A slider beside the time of day; without a script the two fields and the button do the same.
for (const range of document.querySelectorAll('.moments input[type="range"]')) {
  const { form } = range, { time } = form.elements;
  const two = (n) => String(n).padStart(2, '0');
  range.hidden = false;
  range.addEventListener('input', () => {
    time.value = `${two(Math.floor(range.value / 60))}:${two(range.value % 60)}`;
  });
  range.addEventListener('change', () => form.requestSubmit());
}
