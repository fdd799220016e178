package recipes

import (
	"fmt"
	"strings"
)

// word is a word or sentence of the recipes' own, outside their texts.
type word int

const (
	wordProblem word = iota
	wordBefore
	wordSolution
	wordStep
	wordFunction
	wordFunctionIs
	wordSDK
	wordBoto
	wordCLI
	wordCleanup
	wordDiscussion
	wordExercises
	wordExercise
	wordHint
	wordAnswer
	wordChapter
	wordServices
	wordOperations
	wordLevel
	wordMinutes
	wordCheck
	wordBook
	wordRendered
	wordNone
)

var words = map[word]Text{
	wordProblem:    {English: "Problem", Japanese: "課題"},
	wordBefore:     {English: "Before you begin", Japanese: "準備"},
	wordSolution:   {English: "Solution", Japanese: "解法"},
	wordStep:       {English: "Step %d", Japanese: "手順 %d"},
	wordFunction:   {English: "As one function", Japanese: "一つの関数にする"},
	wordFunctionIs: {English: "The function is part of `pawsh/recipes/cookbook`:", Japanese: "この関数は `pawsh/recipes/cookbook` にあります。"},
	wordSDK:        {English: "With the SDK alone", Japanese: "SDK だけで書く"},
	wordBoto:       {English: "The calls of boto", Japanese: "対応する boto の呼び出し"},
	wordCLI:        {English: "With the AWS CLI", Japanese: "AWS CLI で行う"},
	wordCleanup:    {English: "Clean up", Japanese: "後片付け"},
	wordDiscussion: {English: "Discussion", Japanese: "解説"},
	wordExercises:  {English: "Exercises", Japanese: "演習"},
	wordExercise:   {English: "Exercise %d", Japanese: "演習 %d"},
	wordHint:       {English: "Hint %d", Japanese: "ヒント %d"},
	wordAnswer:     {English: "Answer", Japanese: "解答"},
	wordChapter:    {English: "Chapter %d", Japanese: "%d 章"},
	wordServices:   {English: "services", Japanese: "サービス"},
	wordOperations: {English: "operations", Japanese: "操作"},
	wordLevel:      {English: "level", Japanese: "難易度"},
	wordMinutes:    {English: "%d minutes", Japanese: "%d 分"},
	wordCheck:      {English: "Check", Japanese: "確認"},
	wordBook:       {English: "The recipes", Japanese: "レシピ一覧"},
	wordRendered:   {English: "Rendered from recipes/data; do not edit.", Japanese: "recipes/data から生成したものです。編集しないでください。"},
	wordNone:       {English: "No recipe matches %q.", Japanese: "「%s」に合うレシピはありません。"},
}

func (w word) in(l Lang, args ...any) string {
	if len(args) == 0 {
		return words[w].In(l)
	}
	return fmt.Sprintf(words[w].In(l), args...)
}

// chapters are the titles of the book's chapters, in our words.
var chapters = map[int]Text{
	1: {English: "First things", Japanese: "はじめに"},
	2: {English: "EC2", Japanese: "EC2"},
	3: {English: "S3", Japanese: "S3"},
}

// ChapterTitle is the heading of a chapter.
func ChapterTitle(n int, l Lang) string {
	return strings.TrimSpace(wordChapter.in(l, n) + "  " + chapters[n].In(l))
}

// PartTitle is the heading of a part that a Trial tells of.
func PartTitle(part string, l Lang) string {
	var n int
	switch {
	case part == "setup":
		return wordBefore.in(l)
	case part == "cleanup":
		return wordCleanup.in(l)
	case part == string(FormFunction):
		return wordFunction.in(l)
	case part == string(FormSDK):
		return wordSDK.in(l)
	case strings.HasPrefix(part, "exercise"):
		if _, err := fmt.Sscanf(part, "exercise%d", &n); err == nil {
			return wordExercise.in(l, n)
		}
	}
	return wordSolution.in(l)
}
