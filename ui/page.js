// What a press within our own markup does: copy text, close the document, or tell the server (trigger).
const EVENTS = ['open', 'rate', 'example', 'read'];

function copied(button) {
  const text = button.dataset.copy;
  const say = () => { const was = button.textContent; button.textContent = 'Copied'; setTimeout(() => { button.textContent = was; }, 1500); };
  if (navigator.clipboard && window.isSecureContext) { navigator.clipboard.writeText(text).then(say); return; }
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
  say();
}

function closed() {
  props.value = '';
  const opener = window.onrecordOpener;
  if (opener && opener.isConnected) opener.focus();
}

window.onrecordCopied = copied;
// spoken when it changes
if (element.closest('#notice')) element.setAttribute('aria-live', 'polite');

element.addEventListener('click', (event) => {
  const copy = event.target.closest('[data-copy]');
  if (copy) { copied(copy); return; }
  const pressed = event.target.closest('[data-do]');
  if (!pressed) return;
  const wanted = { ...pressed.dataset };
  if (wanted.do === 'close') { closed(); return; }
  if (!element.querySelector('.document')) window.onrecordOpener = pressed;
  if (EVENTS.includes(wanted.do)) trigger(wanted.do, wanted);
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && element.querySelector('.document')) closed();
});

watch('value', () => {
  const pane = element.querySelector('.document');
  if (!pane) return;
  const mark = pane.querySelector('mark');
  if (mark) { mark.scrollIntoView({ block: 'center' }); mark.focus({ preventScroll: true }); }
  else pane.querySelector('.close').focus();
});
