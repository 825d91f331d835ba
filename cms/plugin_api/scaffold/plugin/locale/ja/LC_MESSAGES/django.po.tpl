msgid ""
msgstr ""
"Project-Id-Version: Kairan\n"
"Language: ja\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"

msgid "${title}"
msgstr "${title}"

msgid "Keeps a list of what was published last."
msgstr "最近公開したページの一覧を作ります。"

msgid "Entries"
msgstr "一覧の件数"

msgid "Title"
msgstr "見出し"

msgid "Text"
msgstr "本文"

msgid "Callout"
msgstr "囲み"

msgid "New pages"
msgstr "新着ページ"

msgid "page"
msgstr "ページ"

msgid "published"
msgstr "公開日時"

msgid "entry"
msgstr "項目"

msgid "entries"
msgstr "項目"

msgid "list of new pages"
msgstr "新着一覧"

msgid "lists of new pages"
msgstr "新着一覧"

msgid "Nothing has been published yet."
msgstr "公開されたページはまだありません。"
