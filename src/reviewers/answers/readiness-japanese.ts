// 実装に移れます, 実装可能です, 実装の準備が整っています, 着手できます and their kin.
const subject =
  /実装(?:に|へ|を|作業に|フェーズに|段階に)?(?:移|進|入[るりれ]|着手|開始|始め)|実装(?:が)?(?:可能|でき)|実装(?:の)?準備|準備(?:が|は|も)?(?:整|でき|完了)|着手(?:可能|でき|して(?:よ|良|も))|実装して(?:よ|良|も)/;
const target = /目標(?:点|スコア|値)?(?:に|には)(?:まだ)?(?:達し|届い|到達し|及ん)/;
const positive = /れます|れる|可能|できます|できる|整って|整い|整った|できて|できました|完了|よい|良い|構いません|構わない|進んで|進めて|進めます|進める|入れます|移って|着手して/;
// "問題ありません" holds a negation and is none.
const harmless = /(?:問題|支障|懸念|異論)(?:は|も|が)?(?:特に)?(?:ありません|ございません|ない|なし|なく)|(?:不明点|不明|未解決|懸念点?|ブロッカー|障害|欠落|不足)[^、。]{0,10}?(?:ありません|ございません|ない|なし|なく)/g;
// Nothing speaks against it: a permission.
const permitted = /(?<=[てで]も?)(?:特に|全く)?(?:問題|支障|差し?支え)(?:は|も)?(?:ありません|ございません|ない|なし)/g;
const notYet = /実装(?:は|には|を|に)?(?:まだ)?(?:始め|開始|着手|進め|入[るれ])[^。、]{0,8}?(?:ません|ない)/;
const negation = /ません|ない|なかった|無い|まだ|未|不足|不十分|不可|困難|難し|早い|早計|尚早|無理|いいえ|できず|移れず|わけでは|とは言え/;
const condition = /[えけせてねへめれげぜべ]ば|たら|だら|なら|次第|して(?:から|以降)|た(?:後|上|うえ)|後に|には|ために|ための|前に|まで|必要|べき|予定|見込|はず/;
const isQuestion = /か[。\s]{0,3}$|[?？]\s{0,3}$/;
const quoting = /と(?:書|記|主張|述べ|いう|言う|の記述)/;

/** What a Japanese sentence says about readiness; negations and conditions make it a no, quotations nothing. */
export function japaneseReadiness(sentence: string): boolean | 'asks' | undefined {
  const plain = sentence.replace(permitted, 'よい').replace(harmless, '');
  if (target.test(plain)) return /ません|ない|なかった|ず/.test(plain) ? false : undefined;
  if (quoting.test(plain)) return undefined;
  const found = subject.exec(plain);
  if (found === null) return notYet.test(plain) && !isQuestion.test(plain) ? false : undefined;
  return /のみ|だけ|一部|部分的/.test(plain) ? undefined : saidOfWork(plain, found);
}

function saidOfWork(plain: string, { 0: words, index }: RegExpExecArray): boolean | 'asks' | undefined {
  if (isQuestion.test(plain)) return 'asks';
  const around = `${plain.slice(0, index)} ${plain.slice(index + words.length)}`;
  if (negation.test(plain) || condition.test(around)) return false;
  return positive.test(plain) ? true : undefined;
}
