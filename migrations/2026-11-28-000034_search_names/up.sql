-- The letters Ð (U+00D0) and Ɖ (U+0189) are typed for Đ, and are found as it is.
UPDATE person_versions SET search_name = translate(search_name, 'ðɖ', 'dd') WHERE search_name ~ '[ðɖ]';
