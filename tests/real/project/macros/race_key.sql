/*---
description: One text for a race. Statewide races have no district, and NULL would join with nothing.
args:
  ...columns: { type: sql }
examples: ["{{race_key 'election' 'office' 'district'}}"]
---*/
concat_ws(' / ', {{#each columns}}{{this}}{{#unless @last}}, {{/unless}}{{/each}})
