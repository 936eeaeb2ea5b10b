// A TypeDoc plugin: the sections of a barrel (`// -- pacing`) become the categories of the reference, in their order, and
// modules are called what users import.
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';
import { entries, sectionsOf } from './barrels.mjs';

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    const order = [];
    for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
      const entry = entries.find(({ file }) => file.replace(/(\/index)?\.ts$/, '') === module.name);
      if (entry === undefined) throw new Error(`${module.name} is no entry of package.json`);
      module.name = entry.specifier;
      for (const [section, names] of sectionsOf(entry.file)) {
        if (section === '') continue;
        order.push(section);
        for (const name of names) put(module.getChildByName([name]), section);
      }
    }
    app.options.setValue('categoryOrder', [...new Set(order), '*']);
  });
}

/** A function has its comments on its signatures. */
function put(reflection, section) {
  if (reflection === undefined) return;
  for (const each of reflection.signatures ?? [reflection]) {
    each.comment ??= new Comment();
    each.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: section }]));
  }
}
