package repl

import (
	"fmt"

	"pawsh/recipes"
)

// phrase is a sentence of recipes and lessons in each language.
type phrase map[recipes.Lang]string

// say writes a phrase.
func say(p phrase, l recipes.Lang, args ...any) string { return fmt.Sprintf(p[l], args...) }

var (
	phraseClean       = phrase{recipes.English: "%s takes away what was made", recipes.Japanese: "%s で、作ったものを片付けます"}
	phraseNotDone     = phrase{recipes.English: "%d of %d checks do not hold", recipes.Japanese: "%[2]d 個の確認項目のうち %[1]d 個が満たされていません"}
	phraseLeftOut     = phrase{recipes.English: "commands are typed alone and were left out: %s", recipes.Japanese: "コマンドは単独で入力するため、含めていません: %s"}
	phraseIntro       = phrase{recipes.English: "Enter runs the code at the prompt. :lesson hint, skip, back and stop are for you.", recipes.Japanese: "Enter を押すと、プロンプトのコードが実行されます。:lesson hint (ヒント)、skip (飛ばす)、back (戻る)、stop (やめる) も使えます。"}
	phrasePrepare     = phrase{recipes.English: "Before you begin", recipes.Japanese: "準備"}
	phraseResume      = phrase{recipes.English: "Going on where you were; what comes before is done again.", recipes.Japanese: "前回の続きから始めます。それまでの手順は自動でやり直します。"}
	phraseChecked     = phrase{recipes.English: "Check: the cloud is as it should be.", recipes.Japanese: "確認: クラウドは期待どおりの状態です。"}
	phraseUnchecked   = phrase{recipes.English: "Check: this does not hold: %s", recipes.Japanese: "確認: 次の条件が満たされていません: %s"}
	phraseTry         = phrase{recipes.English: "Your turn: type what you think does it. :lesson hint gives a hint.", recipes.Japanese: "今度は自分で入力してみましょう。:lesson hint でヒントが出ます。"}
	phraseRight       = phrase{recipes.English: "That is it.", recipes.Japanese: "正解です。"}
	phraseNotYet      = phrase{recipes.English: "Not yet. :lesson hint gives a hint.", recipes.Japanese: "まだです。:lesson hint でヒントが出ます。"}
	phraseDone        = phrase{recipes.English: "The lesson is done.", recipes.Japanese: "レッスンはこれで終わりです。"}
	phraseCleaned     = phrase{recipes.English: "Cleaning up:", recipes.Japanese: "後片付けをします。"}
	phraseNext        = phrase{recipes.English: "Next: :lesson %s  %s", recipes.Japanese: "次: :lesson %s  %s"}
	phraseStopped     = phrase{recipes.English: "Left the lesson; :lesson %s goes on here. :recipe %[1]s clean takes away what was made.", recipes.Japanese: "レッスンを中断しました。:lesson %s で続きから再開できます。:recipe %[1]s clean で、作ったものを片付けます。"}
	phraseNoLesson    = phrase{recipes.English: "no lesson runs", recipes.Japanese: "実行中のレッスンはありません"}
	phraseChoose      = phrase{recipes.English: ":lesson NAME begins one", recipes.Japanese: ":lesson 名前 で始めます"}
	phraseSetupFailed = phrase{recipes.English: "the lesson can't be prepared: something of an earlier run may be there", recipes.Japanese: "レッスンの準備ができません。以前に作ったものが残っているのかもしれません"}
)
