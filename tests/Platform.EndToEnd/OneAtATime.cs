using Xunit;

// The specs share two servers and kill them: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
