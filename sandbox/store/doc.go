// Package store keeps the state of the sandbox's services on disk, as it is
// after each request that was answered.
//
// It knows no service. A service gives it the root of its state, a pointer to
// a struct, and the lock that guards it (Unit). All that can be reached from
// there is kept: structs of our own packages that are pointed to are entities
// with an identity, one record each; everything else is a value inside of one.
//
//	request answered -> Commit: walk the units that were locked since
//	                 -> encode each entity, compare with what is on disk
//	                 -> one checksummed frame with what changed: the journal
//	Open             -> base, then journals; a torn tail is cut off
//	Restore          -> entities made, then filled, then the services' hooks
//
// Nothing in a service has to say what it changed, so nothing can be
// forgotten; what a field must not keep says `store:"-"`. Sets that are too
// large to be walked name their changes (Touched).
//
// What is promised: once Commit has returned, the change survives the death of
// the process at any instant, for the journal was written to the system's page
// cache with one write, which outlives the process. The power going off is
// another matter: the journal is synced once a second, and what came after the
// last sync may be lost, never garbled.
package store
