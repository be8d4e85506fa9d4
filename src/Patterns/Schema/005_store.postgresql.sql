update tenants set store = md5(random()::text || clock_timestamp()::text);
