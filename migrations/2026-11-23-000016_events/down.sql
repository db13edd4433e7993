DROP TABLE event_numbers;
DROP TABLE event_queue;
DROP TABLE events;
DROP FUNCTION refuse_event_change;
