package policy

import "fmt"

// Verdict is what a caller's own policies say of a request.
type Verdict struct {
	Allowed bool
	Denied  bool   // by a statement that says so, which nothing else outweighs
	Why     string // not allowed: why not, in AWS's words
}

// Deciding is policies of one sort, as refusals call it.
type Deciding struct {
	Sort      string // identity-based policy
	Documents []*Document
}

// Decide asks policies about action upon resource. All sorts must allow it:
// a user's own, those of his session, his boundary.
func Decide(action, resource string, f Facts, sorts ...Deciding) Verdict {
	missing := ""
	for _, d := range sorts {
		allowed := false
		for _, doc := range d.Documents {
			for i := range doc.Statements {
				s := &doc.Statements[i]
				if !s.Covers(action, resource, f) {
					continue
				}
				if s.Effect == "Deny" {
					article := "a"
					if d.Sort[0] == 'i' {
						article = "an"
					}
					return Verdict{Denied: true, Why: fmt.Sprintf("with an explicit deny in %s %s", article, d.Sort)}
				}
				allowed = true
			}
		}
		if !allowed && missing == "" {
			missing = d.Sort
		}
	}
	if missing != "" {
		return Verdict{Why: fmt.Sprintf("because no %s allows the %s action", missing, action)}
	}
	return Verdict{Allowed: true}
}
