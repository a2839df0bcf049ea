-- Notes of grades were sentences; now each is {code, severity, params, line?}. What is stored keeps its sentence under the code `legacy`.
update grade set notes = (
  select jsonb_agg(
    jsonb_build_object('code', 'legacy', 'severity', 'info', 'params', jsonb_build_object('text', old.sentence))
    order by old.place
  )
  from jsonb_array_elements_text(grade.notes) with ordinality as old (sentence, place)
)
where jsonb_typeof(notes -> 0) = 'string';
