package lineedit

import (
	"go/token"
	"unicode"
	"unicode/utf8"
)

// The colours of GoHighlight.
const (
	StyleKeyword Style = "35"
	StyleString  Style = "32"
	StyleNumber  Style = "36"
	StyleComment Style = "2"
)

// GoHighlight is a Config.Highlight that needs nothing but the text: keywords,
// strings, numbers and comments of Go. Being quick, it is there with the frame
// of the key itself.
func GoHighlight(text string) []Span {
	var spans []Span
	for p := range goTokens(text) {
		s := Span{Start: p.from, End: p.to}
		switch p.kind {
		case tokString:
			s.Style = StyleString
		case tokComment:
			s.Style = StyleComment
		case tokWord:
			word := text[p.from:p.to]
			if r, _ := utf8.DecodeRuneInString(word); unicode.IsDigit(r) {
				s.Style = StyleNumber
			} else if token.IsKeyword(word) {
				s.Style = StyleKeyword
			}
		}
		if s.Style != "" {
			spans = append(spans, s)
		}
	}
	return spans
}
