// Package pawsh is the root of an AWS shell in which every line is live Go;
// the program is in cmd/pawsh. This package holds no code: its tests keep the
// layers of the project apart.
package pawsh
