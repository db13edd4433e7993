DROP TABLE deleted_movements;
