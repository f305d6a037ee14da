import type { Random } from './Random.js';

/** Plain text of one line: names, titles, short values. */
export function shortText(random: Random): string {
  const subject = random.pick(subjects);
  return random.chance(0.4) ? `${subject} ${random.pick(tails)}` : `${subject} #${random.integer(1, 9_999)}`;
}

/** Plain text of a few lines, sometimes very long. */
export function longText(random: Random): string {
  if (random.chance(0.02)) return `${random.pick(sentences)} `.repeat(400);
  return Array.from({ length: random.integer(1, 3) }, () => random.pick(sentences)).join('\n');
}

/** HTML as the platform's editor writes it, plain sentences, and text that people paste. */
export function richText(random: Random): string {
  if (random.chance(0.3)) return random.pick(sentences);
  if (random.chance(0.02)) return `<div>${`<p>${random.pick(sentences)}</p>`.repeat(300)}</div>`;
  return random.pick(frames).replaceAll('…', () => escapeHtml(random.pick(sentences)));
}

export function fileName(random: Random): string {
  return random.pick(fileNames).replace('#', String(random.integer(1, 99)));
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const subjects = [
  'Suspicious login',
  'Phishing mail reported',
  'Malware on laptop',
  'Verdächtige Überweisung',
  'Données exfiltrées',
  '不審なログイン',
  '可疑的登录尝试',
  'محاولة تسجيل دخول مشبوهة',
  'פעילות חשודה',
  'Подозрительный вход',
  '🔥 Ransomware 🧨',
  'Server “web-01” & friends',
  "O'Brien; DROP TABLE incidents;--",
  'a < b > c & "d"',
  'Backslash C:\\new\\table',
];

const tails = [
  '👩🏽‍💻',
  'été',
  '末尾',
  '(again)',
  '– part 2',
  '100 %',
  '\u200f‏عربي',
  'e\u0301 vs é',
  '${HOME}',
  '日本語 🇯🇵',
];

const sentences = [
  'The host was isolated at 10:42.',
  'User clicked the link; credentials were reset.',
  'Größe: 5 µm, Öl & Wasser, Straße.',
  '調査を開始しました。担当者は山田さんです。',
  '用户报告了可疑的电子邮件。',
  'تم عزل الجهاز عن الشبكة.',
  'המשתמש דיווח על דוא"ל חשוד.',
  'Смотри журнал за вчера.',
  '🚨 Escalated 🚨 by the night shift 👮‍♀️',
  'path C:\\temp\\new.txt and \\\\server\\share',
  'JSON: {"a": [1, 2, null], "b": "x"}',
  '1 < 2 && 3 > 2; 50 % of "all" hosts',
  'Tabs\tand  double  spaces stay.',
];

const frames = [
  '<div>…</div>',
  '<div class="rte"><div>…</div><div>…</div></div>',
  '<p>…</p><ul><li>…</li><li><b>…</b></li></ul>',
  '<div>…<br>…<br/>…</div>',
  '<table><tr><td>…</td><td>…</td></tr></table>',
  '<a href="https://example.com/?a=1&amp;b=2">…</a>',
  '<div onclick="steal()">…</div><script>alert(1)</script>',
  '<p>…</p>\r\n<p>&nbsp;…</p>',
  '<span style="color: rgb(1, 2, 3)">…</span>',
];

const fileNames = [
  'mail-#.eml',
  'screenshot #.png',
  'notes.txt',
  'Bericht_Übersicht-#.pdf',
  '証拠-#.zip',
  'ملف-#.docx',
  '🔎 evidence #.log',
  'no-extension',
  'semi;colon "quoted" #.txt',
];
