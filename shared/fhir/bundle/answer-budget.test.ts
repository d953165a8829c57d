import { describe, expect, it } from 'vitest';
import { pageBytes } from '../search/page.ts';
import { AnswerBudget } from './answer-budget.ts';

const half = { status: 200, etag: 'W/"1"', body: [new Uint8Array(pageBytes / 2)] };

describe('the answers of a bundle', () => {
  it('are whole as long as a page has room for them', () => {
    const budget = new AnswerBudget();
    expect([budget.take(half, true), budget.take(half, false)]).toEqual([half, half]);
  });

  it('then a read is an error, a write has no body, and what has none anyway is as it was', () => {
    const budget = new AnswerBudget();
    budget.take(half, true);
    budget.take(half, true);
    expect(() => budget.take(half, true)).toThrow(/too large together/);
    expect(budget.take(half, false)).toEqual({ status: 200, etag: 'W/"1"' });
    expect(budget.take({ status: 204 }, true)).toEqual({ status: 204 });
  });
});
