/** Words that say nothing about a subject; `domain/text/stop_words.py` holds the same, and a test says so. */

const ENGLISH = `
a about above after again all also am an and any anybody anyone anything are arent as at be because
been before being below between both but by can cannot cant come could couldnt did didnt do does
doesnt doing dont down during each either else ever every everybody everyone everything few for from
further get gets getting got had hadnt has hasnt have havent having he hed her here hers herself hes
hi him himself his how however i id if ill im in into is isnt it itd itll its itself ive just let
like many may me might more most much must my myself need neither no nobody nor not nothing now of
off often on once one only or other others ought our ours ourselves out over own please quite rather
really same shall shant she shed shes should shouldnt since so some somebody someone something still
such than thank thanks that thats the their theirs them themselves then there theres these they
theyd theyll theyre theyve thing things this those though through to too under until up upon us very
want wants was wasnt way we wed well went were werent weve what whats when whenever where wheres
whether which while who whom whos whose why will with within without wont would wouldnt yes yet you
youd youll your youre yours yourself yourselves youve
`;

const GERMAN = `
ab aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes
auch auf aus bei beim bevor bin bis bist bitte da dabei dadurch dafür dagegen daher damit danach
dann daran darauf daraus darf darin darum darüber das dass davon dazu dein deine deinem deinen
deiner deines dem den denen denn der deren des deshalb dessen dich die dies diese dieselbe diesem
diesen dieser dieses dir doch dort du durch dürfen ein eine einem einen einer eines einfach einige
einigem einigen einiger einiges einmal er es etwa etwas euch euer eure eurem euren eurer eures für
gar gegen geht gerade gern gerne gewesen gibt gibts hab habe haben habt hallo hat hatte hatten hier
hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im immer in indem ins ist ja jede
jedem jeden jeder jedes jemand jene jenem jenen jener jenes jetzt kann kannst kein keine keinem
keinen keiner keines können könnte machen mache macht mal man manche mehr mein meine meinem meinen
meiner meines mich mir mit möchte muss musst müssen müsste nach nicht nichts niemand noch nun nur ob
oder ohne schon sehr sein seine seinem seinen seiner seines seit selbst sich sie sind so sobald
solche soll sollen sollte sollten sondern sonst soviel sowie tun um und uns unser unsere unserem
unseren unserer unseres unter viel vom von vor wann war waren warst warum was weder weg weil weiter
welche welchem welchen welcher welches wem wen wenn wer werde werden weshalb wie wieder wieso wieviel
will wir wird wirst wo wofür wohin womit woran worauf wozu wurde würde wurden würden während zu zum
zur zwar zwischen über
`;

/** The words, and how they are typed where a keyboard has no umlauts. */
function told(words: string): ReadonlySet<string> {
  const plain = words.replaceAll("ä", "ae").replaceAll("ö", "oe").replaceAll("ü", "ue");
  return new Set(`${words} ${plain}`.split(/\s+/).filter(Boolean));
}

export const STOP_WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  en: told(ENGLISH),
  de: told(GERMAN),
};
