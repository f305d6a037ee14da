import type { Clause, Literal, Operator } from './Criteria.js';
import { CriteriaError } from './CriteriaError.js';

/** Operators by their spellings; `=<` and `=>` are IBM's. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  '=': '==',
  '==': '==',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '=<': '<=',
  '>': '>',
  '>=': '>=',
  '=>': '>=',
  '~': '~',
};
const ACCEPTED = '~ != == = < <= > >=, is, is not, in, not in';

const BLANKS = /\s*/y;
const FIELD = /([A-Za-z0-9_]+)(?:\.([A-Za-z0-9_]+))?/y;
const SYMBOLS = /[=<>!~]+/y;
const WORDS = /(is\s+not|not\s+in|is|in)(?=[\s"'[(;,]|$)/iy;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', '"': '"', "'": "'" };

/** Reads `field operator value` clauses one after the other. Methods throw only `CriteriaError`. */
export class ClauseReader {
  private at = 0;
  private clauseFrom = 0;
  /** How operators with another spelling were read. */
  readonly notes: string[] = [];

  /** `separator`: ends a value that is not in quotes or brackets. */
  constructor(
    private readonly text: string,
    private readonly separator: ';' | ',',
  ) {}

  /** Reads the whole text. Empty clauses do not count. */
  readAll(): Clause[] {
    const clauses: Clause[] = [];
    for (;;) {
      this.skipBlanks();
      if (this.at >= this.text.length) return clauses;
      if (this.isSeparator(this.text.charAt(this.at))) this.at++;
      else clauses.push(this.readClause());
    }
  }

  private readClause(): Clause {
    this.clauseFrom = this.at;
    const { section, field } = this.readField();
    const operator = this.readOperator();
    this.skipBlanks();
    const values = operator === 'in' || operator === 'not in' ? this.readList() : [this.readSingle()];
    this.expectEnd();
    const text = this.text.slice(this.clauseFrom, this.at).trim();
    return { ...(section === undefined ? {} : { section }), field, operator, values, text };
  }

  private readField(): { section?: string; field: string } {
    const [, first, second] =
      this.take(FIELD) ?? this.fail('a clause is `field operator value`, its field a name or `section.name`');
    if (first === undefined) return this.fail('the field is missing');
    return second === undefined ? { field: first } : { section: first, field: second };
  }

  private readOperator(): Operator {
    this.skipBlanks();
    const word = this.take(WORDS)?.[1];
    if (word !== undefined) return word.toLowerCase().replaceAll(/\s+/g, ' ') as Operator;
    const symbols = this.take(SYMBOLS)?.[0];
    if (symbols === undefined) return this.fail(`no operator; accepted are ${ACCEPTED}`);
    const operator = OPERATORS[symbols] ?? this.fail(`unknown operator ${symbols}; accepted are ${ACCEPTED}`);
    if (symbols === '=<' || symbols === '=>') this.notes.push(`${symbols} is read as ${operator}`);
    return operator;
  }

  private readSingle(): Literal {
    if (this.text[this.at] === '[') {
      return this.fail('a list goes with `in` or `not in`; put quotes around a text that starts with [');
    }
    return this.isQuote() ? this.readQuoted() : this.readBare((character) => this.isSeparator(character));
  }

  /**
   * Reads a list in brackets of either kind. Without brackets, IBM's feed asks whether the field's value is part of the
   * text.
   */
  private readList(): Literal[] {
    const open = this.text[this.at];
    const close = open === '[' ? ']' : open === '(' ? ')' : undefined;
    if (close === undefined) {
      return this.fail(
        "`in` and `not in` need a list in brackets, such as [High, Low]; without brackets, IBM's feed asks whether the value is part of the text",
      );
    }
    this.at++;
    const values: Literal[] = [];
    const ended = (): boolean => this.at >= this.text.length || this.text[this.at] === close;
    for (this.skipBlanks(); !ended(); this.skipBlanks()) {
      values.push(this.readMember(close));
      this.skipBlanks();
      if (this.text[this.at] !== ',') break;
      this.at++;
    }
    if (this.text[this.at++] !== close) return this.fail(`the list has no closing ${close} after its values`);
    return values.length > 0 ? values : this.fail('the list is empty');
  }

  private readMember(close: string): Literal {
    if (this.isQuote()) return this.readQuoted();
    const character = this.text.charAt(this.at);
    if (character === '[' || character === '(') return this.fail('a list inside a list');
    return this.readBare((next) => next === ',' || next === close);
  }

  private readQuoted(): Literal {
    const quote = this.text.charAt(this.at++);
    let text = '';
    for (; this.at < this.text.length; this.at++) {
      const character = this.text.charAt(this.at);
      if (character === quote) {
        this.at++;
        return { text, quoted: true };
      }
      const escaped = character === '\\' ? ESCAPES[this.text.charAt(this.at + 1)] : undefined;
      text += escaped ?? character;
      if (escaped !== undefined) this.at++;
    }
    return this.fail(`the value has no closing ${quote}`);
  }

  private readBare(ends: (character: string) => boolean): Literal {
    const from = this.at;
    while (this.at < this.text.length && !ends(this.text.charAt(this.at))) this.at++;
    const text = this.text.slice(from, this.at).trim();
    return text === ''
      ? this.fail("the value is missing; None is the unset value, '' the empty text")
      : { text, quoted: false };
  }

  private expectEnd(): void {
    this.skipBlanks();
    if (this.at >= this.text.length || this.isSeparator(this.text.charAt(this.at))) return;
    this.fail(`more text after the value: put \`${this.separator}\` between clauses, and quotes around a whole value`);
  }

  private isQuote(): boolean {
    return this.text[this.at] === '"' || this.text[this.at] === "'";
  }

  private isSeparator(character: string): boolean {
    return character === ';' || character === this.separator;
  }

  private skipBlanks(): void {
    this.take(BLANKS);
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.at = pattern.lastIndex;
    return match;
  }

  private fail(problem: string): never {
    const end = this.text.indexOf(';', this.at);
    const clause = this.text.slice(this.clauseFrom, end < 0 ? undefined : end).trim();
    throw new CriteriaError(clause.length > 120 ? `${clause.slice(0, 120)}…` : clause, problem, this.at);
  }
}
