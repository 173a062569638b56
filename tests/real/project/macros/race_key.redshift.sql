/*---
description: One text for a race, without CONCAT_WS, which Redshift lacks.
args:
  ...columns: { type: sql }
---*/
substring({{#each columns}}coalesce(' / ' || {{this}}, ''){{#unless @last}} || {{/unless}}{{/each}}, 4)
