import type { Message } from './message.ts'

/** What a phrase says about the wish behind it. Each is one feature for the whole message and one for its first line. */
const cues: Readonly<Record<string, RegExp>> = {
  difference:
    /\bdiff?erences?\b|\bversus\b|\bvs\b\.?|\bunterschied|\bdiferencia|\bfarq\b|\bthe same (?:as|thing)|\bdiffers?\b|차이/,
  meaning:
    /\bwhat(?:'s| is| are| does| do)\b.{0,60}\b(?:mean|do|for|usage|use|purpose|point)\b|\bmeaning of\b|\bwhat(?:'s| is| are)\s+(?:an?|the|'|")?\b|\bsignifica|\bbedeutet|\bmatlab\b|\bwas (?:ist|sind|macht)\b|\bqué es\b|\bque es\b/,
  explain:
    /\bexplain|\beli\d+|\bclarif|\bcomprehend|\bunderstand(?:ing)?\b|\bwrap my head\b|\berkl[aä]r|\bexplica|\bsamjha|\bbreak (?:this |it )?down\b|\bentiend/,
  whyLanguage: /\bwhy (?:is|are|do|does|would|use|not|python|can't|can|should)\b/,
  howWorks: /\bhow (?:does|do|is|are|can|to|would|come)\b/,
  howWork: /\bhow (?:does|do) .{1,60}\bwork|\bcurious\b|\bam i right\b|\bcorrect me\b/,
  when: /\bwhen (?:should|would|do|to|is|are)\b|\bnecessary\b|\bdo i (?:have|need) to\b|\bmust i\b/,
  broken:
    /\b(?:doesn'?t|does not|don'?t|didn'?t|won'?t|isn'?t|not|never|stopped|can'?t get (?:it|this)(?: to)?) (?:seem to )?(?:work|working|run|running|print|printing|show|showing|return|open|update|save|stop|recogni[sz]e)|\bfunktioniert nicht|\bno funciona|\bkaam nahi|\bgeht nicht|안 (?:돼|되)/,
  error:
    /\berrors?\b|\bexception\b|\btraceback\b|\bcrash|\bfail(?:s|ed|ing)?\b|\bbugs?\b|\bbroken\b|\bfehler|\bstuck in\b|\binfinite|\bendless|\bhangs?\b|\bfreez|\bwarning\b|\b오류|에러/,
  errorName:
    /\b\w+(?:error|exception)\b|\bnot (?:defined|callable|subscriptable|iterable)|\binvalid syntax|\bindentation\b|\bout of range\b|\bmodule ?not ?found|\bno module named|\bunexpected\b|\bundefined\b/,
  wrong:
    /\bwrong\b|\bincorrect\b|\bweird\b|\bstrange\b|\binstead of\b|\bexpected\b|\bsupposed to\b|\bkeeps?\b|\bit (?:just )?(?:prints?|says?|gives?|returns?|shows?|outputs?|does nothing)\b|\bgives? me\b|\bgetting\b|\bhappens?\b|\bnothing\b|\boutput/,
  whatsWrong:
    /\bwhat(?:'?s| is| am i| did i| are we)\b.{0,12}\bwrong\b|\bwhere(?:'?s| is| did i)\b.{0,12}\b(?:wrong|bug|mistake|error|fehler)|\bspot the\b|\bdoing wrong\b|\bgo(?:es|ing)? wrong\b/,
  whyMy:
    /\b(?:understand|know|explain|see|idea|figure out|sure|tell me) why (?:my|it|the|this|i|they)\b|\bwhy (?:is|are|does|do|doesn'?t|isn'?t|won'?t|can'?t) my\b|\bwhy (?:my|am i (?:getting|not getting))\b/,
  unwanted:
    /\binstead of\b|\bexpected\b|\bsupposed to (?:be|print|return|give|do)\b|\bshould (?:be|print|return|give|have)\b|\bbut it\b|\balways (?:prints?|goes|gives?|returns?|says?|comes?)|\bnever (?:gets?|ends?|stops?|prints?|shows?|reaches)|\bnothing (?:happens|shows|prints)|\bkeeps? (?:saying|getting|giving|printing|returning)|\bskip(?:s|ped)\b|\bignored\b|\btoo (?:long|short|big|small|high|low) by\b|\bempty\b/,
  stillBad:
    /\bstill (?:the same|not?|doesn'?t|does not|won'?t|fails?|get|getting|wrong)\b|\bdid(?:n'?t| not) (?:help|work)\b|\bsame (?:error|problem|issue)/,
  tests:
    /\bwhat it wants\b|\btests? \d+\b|\bhidden test \d|\btests? (?:fail|are failing|don'?t pass)|\bchecker\b|\bwrong answer\b|\bsubmi(?:t|tted)\b/,
  helpMe:
    /\bhelp\b|\bplease help\b|\bany ideas?\b|\bwhat am i (?:doing|missing)|\bfigure (?:it |this )?out\b|\bproblems?\b|\bissues?\b|\btrouble\b|\bfix\b|\bsolve\b|\bhilfe\b|\bayuda/,
  mine: /\bmy (?:\w+ ){0,2}(?:code|program|script|function|loop|class|solution|game|app|project|list|variable|bot|homework|assignment|file)s?\b|\bmein (?:code|programm)|\bmi (?:c[oó]digo|programa)|\bmera code/,
  better:
    /\bbetter\b|\bcleaner\b|\bclean(?:ing)?(?: \w+){0,3} up\b|\bshort(?:er|en|ening)\b|\bsimpl(?:er|ify|ifying)\b|\bquicker\b|\bmore efficient|\befficien|\bfaster\b|\bspeed (?:up|it)|\boptimi[sz]|\bpythonic|\belegant|\bconcise|\bcondense|\bnicer\b|\breadable|\bneater\b|\bkürzer|\bbesser|\bmejor/,
  bestWay:
    /\bbest (?:way|practi[cs]e|approach)|\bgood (?:practi[cs]e|style)|\bbad (?:practi[cs]e|style)|\bgood way\b|\bproper way\b|\bright way\b|\banother way\b|\balternative|\bapproach\b|\bstil\b|\bestilo/,
  opinion:
    /\bfeedback\b|\bcriti(?:que|ci[sz]|cism|cal)|\breview|\broast\b|\brate (?:my|this|it)|\bopinions?\b|\bthoughts\b|\bimprove(?:ment)?s?\b|\blook(?: \w+)? over\b|\btips\b|\bsuggestions?\b|\badvice\b|\bhonest\b|\bwhat (?:do|would) you (?:think|change)|\btear (?:it|this) apart|\bmejorar\b|\brevis/,
  refactor:
    /\brefactor|\brestructure|\bduplicat|\brepet|\brepeat(?:ing|ed)|\bredundan|\bspaghetti|\bugly\b|\bmessy\b|\bbloated\b|\btoo (?:many|long|much)|\bnested\b|\bget rid of\b|\bavoid(?:ing)?\b|\breduce\b|\binto (?:smaller|one) functions?\b|\bnaming\b|\bvariable names?\b/,
  isOk: /\bis (?:it|this|that) (?:ok|okay|fine|bad|good|legit|right|correct|alright|acceptable|efficient|worth)\b|\bok (?:to|that)\b|\bhow bad\b|\bhow good\b|\bembarrass|\bsucks?\b/,
  made: /\b(?:i|i've|just|i have) (?:\w+ )?(?:made|wrote|written|created|built|finished|coded|rewrote)\b|^(?:made|wrote|created|built|rewrote)\b|\b(?:my|first) (?:\w+ ){0,4}(?:program|script|project|game|package|parser|adventure|app|application|bot|class)\b/,
  works:
    /\b(?:it|this|code|everything|which|that|and|program|script) (?:all )?(?:works?|runs?|passes)\b|\bworks (?:fine|ok|well|great|perfectly)|\bworking\b|\bpass(?:es|ed) (?:all|every)|\bgot it right\b|\bfunciona\b/,
  exercises:
    /\bexercises?\b|\bpractic|\bpractis|\bkatas?\b|\bquiz(?:zes)?\b|\bchallenges?\b|\bchallanges?\b|\bproblem sets?\b|\bpuzzles?\b|\btasks?\b|\bdrills?\b|\bmock exam|\bhomework\b|übung|\baufgabe|\bejercicio|\bsawal\b|\btest me\b|\bquestions on\b|\bcode ?wars|\bleetcode|\bproject euler|연습|문제/,
  projects:
    /\bprojects?\b|\bproject ideas?|\bideas?\b|\bopen source\b|\bcontribute|\bportfolio|\bto build\b|\bcould i build\b|\bto work on\b|\binspiration/,
  giveMe:
    /^(?:please |pls |can you |could you )?(?:give|gimme|make|create|generate|write|set|test|quiz|send|show) (?:me |us )?|\bgive me\b|\bgimme\b|\banother one\b|\bone more\b|\bharder\b|\beasier\b|\btoo easy\b|\bi want (?:a|an|some|more|to)\b|\bneed (?:a|some|more)\b|\blooking for\b|\bnext (?:one|task|exercise)\b|\bmore of\b/,
  wantTask:
    /^(?:next|hint|another|one more|skip)\b|\b(?:quiz|test) m[ey]\b|\bquestions? (?:on|about)\b|\blet me try\b|\b(?:some|something|anything|nothing) (?:\w+ )?to (?:do|try|build|work on|program|solve|repair|fix)\b|\b(?:the )?(?:answer|solution)s? (?:of|to|for)\b|\bpost the\b|\bmore (?:of those|like)|\bwhich project|\bnoch (?:eine?|ein paar)\b|\b(?:tasks?|exercises?|problems?|challenges?|practice) (?:on|about|with|for)\b/,
  where:
    /\bwhere (?:can|do|could|should|is)\b|\b(?:any|good|best|are there|is there a?) .{0,30}\b(?:sites?|websites?|games?|books?|places?|resources?|repos?|list)\b|\brecommend/,
  score:
    /\bscores?\b|\bstreak|\bmastery\b|\bmastered\b|\bbadges?\b|\bxp\b|\bleader ?board|\bcertificate|\bzertifikat|\bmy (?:progress|level|results?|grades?|stats?|points)\b|\bpercent\b|\d ?%|\bso far\b|\bahead\b|\bbehind\b|\bcompleted\b|\bprogreso|\bfortschritt/,
  next: /\bwhat(?:'s| is| should i (?:do|learn|study|work on)|) (?:do |to do |i do )?next\b|\bnow what\b|\bwhat now\b|\bwhere to (?:go|now)|\bwhere do i go\b|\bnext steps?\b|\broad ?map|\bpathway|\blearning path|\bwhat to (?:learn|study|do)\b|\bshould i (?:learn|study|continue|skip|move on|start|take|do after)|\bafter (?:code ?academy|finishing|completing|this course)|\bjust finished\b|\bcontinue\b|\bmove on\b/,
  howLong:
    /\bhow (?:long|many (?:years|months|weeks|hours|lessons|modules))|\bhow (?:much|close|far|am i|are my)\b|\bwie weit\b|\bwie lange\b|\bcu[aá]nto|\bwithin \d+|\btimeline|\bleft\b|\bkitna/,
  ready:
    /\bready\b|\bgood enough\b|\bjobs?\b|\binternship|\bresume\b|\bcareer|\bhire|\binterview|\bentry level|\btayyar\b/,
  standing:
    /\bhow am i\b|\bwhich of my\b|\bam i (?:ready|on track|good|too|ahead|behind|far|slow|weak|improving|cut out)|\bi (?:am|have) (?:passed|mastered|finished|completed|done)|\bhave i\b|\bdid i (?:finish|pass|complete)|\bfailing my\b|\bstill (?:bad|can'?t|cannot|have no idea|don'?t know|feel|look)|\bhow (?:good|much experience|much python|much)\b|\bi (?:just )?(?:finished|completed|wrapped up)\b|\bdone with\b|\bredo\b|\bweak(?:est)?\b|\bquiz(?:zes)? (?:went|was|were|twice)|\bfailed the\b|\blevel am i\b|\btoo old\b|\bon my own\b|\beveryone\b|\beverybody\b|\bother people\b/,
  feeling:
    /\bfeel(?:ing|s)?\b|\bgiv(?:e|ing) up\b|\boverwhelm|\bfrustrat|\bdiscourag|\bdefeated\b|\blost\b|\bcut out for\b|\bdead end\b|\bnormal\b|\bso hard\b|\bmotivat|\bstruggl|\bstill bad\b|\bhump\b|\bslow(?:est)?\b.{0,20}\b(?:class|group)|\bstupid\b|\bdumb\b|\bburn(?:ed|t)? ?out|\bcan'?t (?:learn|remember|understand anything)|\btalent/,
  learning:
    /\blearn(?:ing|ed|t)?\b|\bcourses?\b|\bbook\b|\btutorials?\b|\bbasics\b|\bfundamentals\b|\bbeginner|\bnewbie|\bprogramming\b|\bself[- ](?:taught|starter)|\bcode ?academy|\budemy|\bedx|\bcoursera|\bautomate the boring/,
  whyMine: /\bwhy (?:is|does|do|am|doesn'?t|isn'?t|won'?t|can'?t|did) (?:my|this|it|i)\b/,
  choose: /\bshould i\b|\bdo i need\b|\bwhich (?:one|of|is)\b|\bor\b.{0,40}\?/,
  tooSlow: /\btoo slow\b|\bso slow\b|\btakes? (?:\d+|forever|ages|too long)|\btime(?:s|d)? ?out|\bslow\b/,
  pep: /\bpep ?-?8\b|\blint|\bconvention|\bstyle\b|\bcomments?\b|\bexperienced\b|\bprofessional|\bpro\b|\bclumsy\b|\bsmells?\b|\blook at my\b|\bmy solution\b|\banschauen\b|\bacha\b/,
  understandTopic:
    /\b(?:don'?t|do not|can'?t|didn'?t|not) (?:really |quite |fully )?(?:get|understand|grasp|see) (?:the |how |what |when |list|dict|class|loop|function|decorator|generator|lambda|recursi|self|return)|\bconfus|\bmakes? no sense\b|\bwalk me through\b|\bin general\b|\bis (?:the code|it) right\b/,
  topic:
    /\b(?:list|dict|dictionar|tuple|set|string|loop|function|class|object|decorator|generator|lambda|recursion|recursive|exception|module|import|variable|argument|parameter|iterator|comprehension|slice|slicing|index|scope|closure|inherit|method|self|__init__|yield|return|print|operator|boolean|integer|float|none|regex|async|thread)\w*/,
  hello:
    /^(?:hi|hello|hey|hola|hallo|salam|good (?:morning|evening|afternoon|night)|yo|yes|no|thanks?|thank you|thx|ty|ok(?:ay)?|cool|great|nice|perfect|lol|haha|bye|see you|danke|gracias|shukriya|test)\b[\s!.,\w]{0,20}$/,
  smallTalk:
    /\b(?:who|what) (?:are|made|is) (?:you|your)\b|\bhow are you\b|\bare you (?:a |an )?(?:human|real|robot|bot|ai)\b|\byour name\b|\bdo you (?:like|love|have feelings)/,
  thanks:
    /^(?:ok(?:ay)?,? |great,? |perfect,? )?(?:thanks?|thank you|thx|ty|danke|gracias|shukriya)\b|\bthanks?(?: a lot| so much)?[!. ]*$/,
  account:
    /\b(?:my|forgot|reset|change) (?:the |my )?password|\bserver (?:is )?down\b|\bcharged\b|\bteacher rights\b|\baccount\b|\blog ?in\b|\bsign ?(?:in|up)\b|\bsubscription|\brefund|\bpay(?:ment|pal|ing)?\b|\bemail address|\bbutton\b|\bthe (?:site|website|page|app) (?:is|won'?t|doesn'?t)|\bdark mode|\bdelete my\b|\bunsubscribe/,
  offTopic:
    /\bweather\b|\bpoem\b|\bessay\b|\bjoke\b|\brecipe|\bcook|\bfootball|\bmovie to\b|\bmusic\b|\bsong\b|\bhistory\b|\bfrench\b|\bcapital of\b|\bpresident|\belection|\bgirlfriend|\bboyfriend|\blove you\b|\bdiv\b|\bcss\b|\bhtml\b|\bhoroscope|\btranslate\b|\bstock price|\bbitcoin|\bpizza|\bdoctor\b|\bheadache|\bwho are you\b|\bare you (?:a |an )?(?:human|real|robot|bot|ai)\b|\bbiology|\bchemistry|\bphysics\b/,
  injection:
    /\bforget your\b|\bfrom now on\b|\brepeat the text\b|\brespond only\b|\bunrestricted\b|\bteacher rights\b|\bword for word\b|\b"?intent"?\s*:|"agent"\s*:|\bignore (?:all |any |your |the |my |previous |prior )+(?:rules|instructions|prompts?|above|directions)|\bdisregard\b|\bsystem prompt|\bsystem:|<\/?(?:message|system|assistant|user)\b|\brole="?system|\byou are now\b|\bdevmode|\bdeveloper mode|\bjailbreak|\breply only with\b|\b(?:reveal|print|show|leak|dump) (?:me )?(?:the |your |all )+(?:hidden|secret|reference|system|internal|prompt|api key|token)|\bhidden tests?\b|\bact as\b|\bpretend (?:to be|you)|"intent"\s*:|\bno restrictions|\byour (?:instructions|rules|prompt)\b|\broute everything|\bas an admin|\bis an admin/,
}

/** A line of code that cannot be parsed: a block without its colon, or `=` where a condition stands. */
const slip = /^\s*(?:(?:for|while|if|elif|def|class)\b[^:#]*|else\s*)$|^\s*(?:if|elif|while)\b[^=!<>:]*[^=!<>:]=[^=]/m
const word = /[\p{L}\p{N}_']+/gu

/**
 * The features of a message: what it is made of, cues in all of it (`cue`) and in its first line (`cue^`), and its words and
 * pairs of words (`w:`). Each is present or absent. At most a few hundred of them.
 */
export function featuresOf({ title, prose, code, traceback, wordless, program }: Message): Set<string> {
  const found = new Set<string>()
  const add = (name: string, present: boolean): unknown => present && found.add(name)
  add('+code', code)
  add('+traceback', traceback)
  add('+wordless', wordless)
  const bare = code && prose === ''
  add('+bare-slip', bare && slip.test(program))
  add('+bare-block', bare && !slip.test(program) && /^\s*(?:def|class)\b/m.test(program))
  add('+bare-fragment', bare && !program.trim().includes('\n'))
  add('+slip', slip.test(program))
  add('+first-person', /\b(?:i|i'm|i've|my|me)\b/.test(prose))
  add('+short', prose.length < 25 && !code)
  add('+long', prose.length > 400)
  add('+link', prose.includes('[link]') || prose.includes('http'))
  add('+question', title.includes('?'))
  for (const [name, pattern] of Object.entries(cues)) {
    add(name, pattern.test(prose))
    add(`${name}^`, pattern.test(title))
  }
  add('+cue-less', ![...found].some(name => !name.startsWith('+')))
  const words = title.match(word) ?? []
  for (const [at, value] of words.slice(0, 60).entries()) {
    found.add(`w:${value}`)
    if (at > 0) found.add(`w:${words[at - 1]} ${value}`)
  }
  found.add(`1:${words[0] ?? ''}`)
  for (const value of new Set((prose.match(word) ?? []).slice(0, 300))) found.add(`b:${value}`)
  return found
}
