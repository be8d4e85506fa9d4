update tenants set store = lower(hex(randomblob(16)));
