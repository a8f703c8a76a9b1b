// The crash and model tests take every core there is, and the time of a delivery is measured by the real clock in the
// tests over real sockets: one after the other, none starves another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
