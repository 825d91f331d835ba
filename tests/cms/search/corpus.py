"""What is on the site, and what each query must find there. Run on SQLite and on PostgreSQL alike."""

PAGES: dict[str, tuple[str, str]] = {
    "officers": (
        "平成21年度第2回役員会",
        "東京・全国町村議員会館の特別会議室で、新役員（会長・副会長）を選出した。BCPと自治体クラウド。",
    ),
    "cloud": (
        "共同アウトソーシング推進セミナー",
        "「自治体クラウド」をテーマに、東京・大阪・仙台で開催した。受講料は1,238円。",
    ),
    "counter": (
        "松山市の総合窓口業務について",
        "ワンストップ・サービスの事例。講師は松山市の矢野友哉氏。サーバー室を見学した。",
    ),
    "names": ("名簿", "髙橋﨑子、渡邊、齋藤、𠮷野家。㈱情報センター。"),
    "places": ("霞ヶ関での会合", "3ヶ月に一度、市ケ谷で開く。箇所は別に知らせる。"),
    "halfwidth": ("ｾﾐﾅｰのご案内", "ＩＤ・ﾊﾟｽﾜｰﾄﾞによる認証。Ｗｉ－Ｆｉあり。FY2009の計画。"),
    "english": ("About our seminars", "Municipal clouds and open data. Café, 24 hours. It's the members' corner."),
    "pdf": ("改行", "情報シス\nテムの標準化に関する\n手引き。\n\n電子自治体の推進"),
    "kyoto": ("東京都の報告", "都庁の取組み。"),
}
"""Page: (title, body)."""

DOCUMENT = ("rules", "会員規程", "脱退届の様式と、会費の日割計算。", "この規程は、会員の資格について定める。")
"""Name, title, description, and the text of its file."""

QUERIES: list[tuple[str, set[str]]] = [
    # Words inside longer ones, of every length.
    ("会議", {"officers"}),
    ("会議室", {"officers"}),
    ("議員会", {"officers"}),
    ("クラウド", {"officers", "cloud"}),
    ("自治体クラウド", {"officers", "cloud"}),
    ("アウトソーシング", {"cloud"}),
    ("京都", {"kyoto"}),
    ("役員会", {"officers"}),
    # One character, wherever it stands.
    ("室", {"officers", "counter"}),
    ("氏", {"counter"}),
    ("ク", {"officers", "cloud", "places"}),
    ("都", {"kyoto"}),
    # Width and case.
    ("セミナー", {"cloud", "halfwidth"}),
    ("ｾﾐﾅｰ", {"cloud", "halfwidth"}),
    ("パスワード", {"halfwidth"}),
    ("ＢＣＰ", {"officers"}),
    ("bcp", {"officers"}),
    ("id", {"halfwidth"}),
    ("wi-fi", {"halfwidth"}),
    ("平成２１年度", {"officers"}),
    ("２００９", {"halfwidth"}),
    ("fy2009", {"halfwidth"}),
    # Kana.
    ("せみなー", {"cloud", "halfwidth"}),
    ("くらうど", {"officers", "cloud"}),
    ("サーバ", {"counter"}),
    ("サーバー", {"counter"}),
    ("サ－バ－", {"counter"}),
    ("ワンストップサービス", {"counter"}),
    ("ワンストップ・サービス", {"counter"}),
    # Variants of characters.
    ("高橋", {"names"}),
    ("髙橋", {"names"}),
    ("崎子", {"names"}),
    ("﨑", {"names"}),
    ("渡辺", {"names"}),
    ("渡邉", {"names"}),
    ("斎藤", {"names"}),
    ("斉藤", {"names"}),
    ("吉野家", {"names"}),
    ("(株)", {"names"}),
    ("霞が関", {"places"}),
    ("霞ケ関", {"places"}),
    ("霞ヶ関", {"places"}),
    ("市ヶ谷", {"places"}),
    ("3か月", {"places"}),
    ("３カ月", {"places"}),
    ("か所", {"places"}),
    # Numbers are whole: 21 is not in 2010, 238 not in 1,238.
    ("1238", {"cloud"}),
    ("1,238円", {"cloud"}),
    ("238", set()),
    ("第2回", {"officers"}),
    ("24", {"english"}),
    # Latin words, and their beginnings.
    ("seminar", {"english"}),
    ("CLOUD", {"english"}),
    ("café", {"english"}),
    ("members'", {"english"}),
    ("loud", set()),
    # Several words: all of them, anywhere, title or text.
    ("クラウド 東京", {"officers", "cloud"}),
    ("クラウド　大阪", {"cloud"}),
    ("役員会 BCP", {"officers"}),
    ("松山市 講師 矢野", {"counter"}),
    ("クラウド 松山", set()),
    # Phrases.
    ('"open data"', {"english"}),
    ('"data open"', set()),
    ("「自治体クラウド」", {"officers", "cloud"}),
    ('"会長・副会長"', {"officers"}),
    ("“東京・大阪”", {"cloud"}),
    # Lines that were broken, and paragraphs that were meant.
    ("情報システム", {"pdf"}),
    ("関する手引き", {"pdf"}),
    ("手引き電子", set()),
    # A document, by its title, by the text in it, and by what stands in its description alone.
    ("会員規程", {"rules"}),
    ("会員の資格", {"rules"}),
    ("日割", {"rules"}),
    ("規程 脱退届", {"rules"}),
    # Nonsense finds nothing, and neither does what has no word in it.
    ("鑫鑫鑫", set()),
    ("xyzzy", set()),
    ("議会員", set()),
    ("", set()),
    ("   　", set()),
    ('"', set()),
    ('""', set()),
    ("*", set()),
    ("%", set()),
    ("_", set()),
    ("AND OR NOT", set()),
    ("\x00", set()),
    ("'; DROP TABLE search_entry; --", set()),
    ("NEAR(会議 室)", set()),
    ("title:会議", set()),
    ("会議\x00", {"officers"}),
    ('会議"', {"officers"}),
    ("会議*", {"officers"}),
    ("会議 !", {"officers"}),
]
"""(what is typed, what is found)."""
