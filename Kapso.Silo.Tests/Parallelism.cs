// Each test has silos and a Redis of its own, and two cores are few: one after the other, none starves another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
