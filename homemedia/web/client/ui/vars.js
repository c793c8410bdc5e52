import { Directive, directive, nothing } from '../vendor/lit.js';

/** Sets custom properties by script, which the CSP allows where a style attribute is refused. */
class Vars extends Directive {
  update(part, [values]) {
    const style = part.element.style;
    for (const [name, value] of Object.entries(values)) {
      if (value === null || value === undefined) style.removeProperty(name);
      else if (style.getPropertyValue(name) !== String(value)) style.setProperty(name, String(value));
    }
    return nothing;
  }

  render() {
    return nothing;
  }
}

/** Element directive: `<div ${vars({'--value': 0.4})}>`; also takes real properties such as `transform`. */
export const vars = directive(Vars);
