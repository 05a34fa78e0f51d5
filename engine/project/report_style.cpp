// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/report_style.h"

namespace engine {

const char *const reportStyle = R"css(
:root { color-scheme: light dark; --ink: #1c1e22; --soft: #5c606a; --line: #d9dbe0; --paper: #ffffff; --card: #f4f5f8; --mark: #0072b2; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e8e8ea; --soft: #a3a7b1; --line: #363a42; --paper: #17191d; --card: #20232a; --mark: #4aa6e0; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; }
main { max-width: 940px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 6px; letter-spacing: -0.01em; }
h2 { font-size: 20px; margin: 48px 0 10px; padding-top: 14px; border-top: 1px solid var(--line); }
p { margin: 0 0 12px; max-width: 68ch; }
.soft { color: var(--soft); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 12px; margin: 24px 0 8px; }
.card { background: var(--card); border-radius: 8px; padding: 14px 16px; }
.card b { display: block; font-size: 25px; line-height: 1.25; font-variant-numeric: tabular-nums; }
.card span { display: block; font-size: 13.5px; line-height: 1.4; color: var(--soft); }
.card .what { color: var(--mark); font-weight: 600; font-size: 13px; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(400px, 100%), 1fr)); gap: 20px 24px; align-items: start; margin-top: 16px; }
.three { grid-template-columns: repeat(auto-fill, minmax(min(270px, 100%), 1fr)); }
figure { margin: 0; break-inside: avoid; }
figure svg { width: 100%; height: auto; display: block; }
figcaption { font-size: 13.5px; line-height: 1.45; color: var(--soft); margin-top: 6px; }
figcaption b { color: var(--ink); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; margin: 12px 0; }
caption { text-align: left; font-size: 13.5px; color: var(--soft); padding-bottom: 6px; }
th { text-align: left; font-weight: 600; border-bottom: 1.5px solid var(--ink); padding: 5px 10px 5px 0; vertical-align: bottom; }
td { border-bottom: 1px solid var(--line); padding: 5px 10px 5px 0; vertical-align: top; }
.n { text-align: right; }
tr { break-inside: avoid; }
sub, sup { font-size: 75%; line-height: 0; }
code { font: 13px ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
a { color: var(--mark); }
@media print { body { font-size: 10.5pt; } main { max-width: none; padding: 0; } h2 { break-after: avoid; } .card { border: 1px solid #ccc; } }
)css";

}
