import { describe, expect, it } from 'vitest';
import { narrativeFault } from './narrative.ts';

const div = (content: string): string => `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>`;

describe('a narrative', () => {
  it.each([
    ['text formatting', div('<p class="a" style="color: red">Hello <b>world</b><br/>&nbsp;&#169;&#xA9;</p>')],
    ['tables', div('<table><tbody><tr><td colspan="2">1 &lt; 2</td></tr></tbody></table>')],
    ['links and images', div('<a href="http://example.org/?a=1&amp;b=2">x</a><img src="#pic" alt="p"/>')],
    ['images of their own', div('<img src="data:image/png;base64,YQ=="/><img src="data: image/png;base64,YQ=="/>')],
    ['relative links', div('<a href="a b.html">x</a>')],
    ['comments', `<!-- before -->${div('<!-- inside --><p>x</p>')}<!-- after -->`],
    ['single quotes and white space', `\n <div xmlns = 'http://www.w3.org/1999/xhtml' >x</div >\n`],
    ['nothing, as some of the examples of HL7', div(' ')],
  ])('may have %s', (_, text) => {
    expect(narrativeFault(text)).toBeUndefined();
  });

  it.each([
    ['a script', div('<script>alert(1)</script>'), "element 'script' is not allowed"],
    ['an event attribute', div('<p onclick="x()">x</p>'), "attribute 'onclick' is not allowed"],
    ['a form', div('<form><input name="a"/></form>'), "element 'form' is not allowed"],
    ['a frame', div('<iframe src="http://example.org"></iframe>'), "element 'iframe' is not allowed"],
    ['an upper-case element', div('<P>x</P>'), "element 'P' is not allowed"],
    ['an address that runs a script', div('<a href=" JavaScript:x">x</a>'), 'must not run a script'],
    ['one that is a page of its own', div('<a href="data:text/html,x">x</a>'), 'must not run a script'],
    [
      'one that hides its scheme in references',
      div('<a href="java&#115;cript&colon;x">x</a>'),
      'must not run a script',
    ],
    ['one that hides its scheme in white space', div('<a href="java\nscript:x">x</a>'), 'must not run a script'],
    ['another root', '<p xmlns="http://www.w3.org/1999/xhtml">x</p>', 'must be a div element'],
    ['no namespace', '<div>x</div>', 'must be a div element'],
    ['another namespace', '<div xmlns="http://www.w3.org/2000/svg">x</div>', 'must be a div element'],
    ['no element at all', '<!-- x -->', 'no div element'],
    ['plain text', 'Hello', 'not well-formed'],
    ['an element that is not closed', div('<p>x'), 'end tag div closes no open element'],
    ['a root that is not closed', div('x').slice(0, -6), 'element div is not closed'],
    ['two roots', div('x') + div('y'), 'something after the root'],
    ['a bare ampersand', div('a & b'), 'not well-formed'],
    ['a bare ampersand in an attribute', div('<p title="a & b">x</p>'), 'ampersand of its own'],
    ['an attribute twice', div('<p id="a" id="b">x</p>'), 'there twice'],
    ['an attribute without quotes', div('<p id=a>x</p>'), 'wrong attribute'],
    ['a DOCTYPE', `<!DOCTYPE div [<!ENTITY a "b">]>${div('&a;')}`, 'not well-formed'],
    ['a processing instruction', div('<?php x ?>'), 'not well-formed'],
    ['a comment that is not closed', div('<!-- x'), 'comment is not closed'],
  ])('must not have %s', (_, text, reason) => {
    expect(narrativeFault(text)).toContain(reason);
  });

  it.each(['<!--', '<div ', '<p a="1" ', '<b>', '&', '</', `<${' '.repeat(9)}`])(
    'of a megabyte of %j is read in time that grows with its length',
    (piece) => {
      const text = div(piece.repeat(1_000_000 / piece.length));
      const start = performance.now();
      narrativeFault(text);
      narrativeFault(`<div${' '.repeat(1_000_000)}`);
      narrativeFault(`<div ${'a'.repeat(1_000_000)}`);
      expect(performance.now() - start).toBeLessThan(1000);
    },
  );
});
