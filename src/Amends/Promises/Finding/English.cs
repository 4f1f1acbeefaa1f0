namespace Amends.Promises.Finding;

/// <summary>English: "we will", "'ll", "is going to"; "the parcel leaves tomorrow"; "you will receive".</summary>
sealed partial class English : Grammar
{
    const string TimeTable = """
        Day 0: today | later today | during the day | the same day | in the course of the day | in the course of today | this very day | 2day | before the day is out
        Day 1: tomorrow | tmrw | tmr | tomorow | tommorow | tommorrow | first thing tomorrow
        Day 2: the day after tomorrow | day after tomorrow
        Past: yesterday | last week | last month | last monday | last tuesday | last wednesday | last thursday | last friday | last saturday | last sunday | last night | last year | ago
        Weekday 1: monday | mon
        Weekday 2: tuesday | tue | tues
        Weekday 3: wednesday | wed
        Weekday 4: thursday | thu | thur | thurs
        Weekday 5: friday | fri
        Weekday 6: saturday
        Weekday 7: sunday
        Part Morning: morning | mid-morning | midmorning | late morning | early morning | first thing | start of business | start of play | opening time | breakfast | this very morning | this morning | in the morning | morning hours
        Part Noon: noon | midday | lunchtime | lunch | lunch time | lunchtimes | twelve noon | midday
        Part Afternoon: afternoon | arvo | mid-afternoon | midafternoon | late afternoon | early afternoon | teatime | this very afternoon | this afternoon
        Part Evening: evening | early evening | late evening | this very evening | dinner time | tonight | this evening | night
        Part End: end of day | end of the day | eod | cob | eob | end of business | close of business | end of the business day | end of business day | end of the working day | end of play | end of office hours | close of play | end of the afternoon | closing time | we close | we close up | we lock up | close
        Part Midnight: midnight
        Number 1: one
        Number+Filler 1: a | an
        Number 2: two | a couple of | couple of
        Number 3: three
        Number 4: four
        Number 5: five
        Number 6: six
        Number 7: seven
        Number 8: eight
        Number 9: nine
        Number 10: ten
        Number 11: eleven
        Number 12: twelve
        Number 13: thirteen
        Number 14: fourteen
        Number 15: fifteen
        Number 16: sixteen
        Number 17: seventeen
        Number 18: eighteen
        Number 19: nineteen
        Number 25: twenty-five
        Number 35: thirty-five
        Number 60: sixty
        Number 90: ninety
        Number 20: twenty
        Number 24: twenty-four
        Number 30: thirty
        Number 36: thirty-six
        Number 40: forty
        Number 45: forty-five
        Number 48: forty-eight
        Number 50: fifty
        Number 72: seventy-two
        Half 0: half a | half an | the next half
        Half 1: one and a half | an hour and a half hours
        MinutesOf 30: half past | half
        MinutesOf 15: quarter past | a quarter past | quarter after
        MinutesOf -15: quarter to | a quarter to
        PlusMinutes 30: and a half
        Unit Minute: minute | minutes | min | mins
        Unit QuarterHour: quarter of an hour | quarter hour | quarters of an hour
        Unit HalfHour: half hour | half-hour
        Unit Fortnight: fortnight | fortnights
        Unit Hour: hour | hours | hrs | hr
        Unit Day: day | days | calendar days | calendar day
        Unit WorkingDay: working day | working days | business day | business days | workday | workdays | weekdays | weekday | trading day | trading days | banking day | banking days | bank working days
        Unit Week: week | weeks | working week
        End+Unit Week: eow
        End+Unit Month: eom | month-end | month end
        End+Unit Year: year-end | year end
        Unit Month: month | months
        Unit Quarter: quarter
        Unit Year: year
        Working: working | business | office
        MonthName 1: january | jan
        MonthName 2: february | feb
        MonthName 3: march
        MonthName 4: april | apr
        MonthName 5: may
        MonthName 6: june | jun
        MonthName 7: july | jul
        MonthName 8: august | aug
        MonthName 9: september | sep | sept
        MonthName 10: october | oct
        MonthName 11: november | nov
        MonthName 12: december | dec
        Weekend: weekend
        Next 1: next
        Next 2: after next
        FromNow: from now | from today
        Coming: the coming | this coming | our coming | following | upcoming
        This: this
        End: end | end of | close of | later | late
        Start: beginning of | start of | early | beginning
        Middle: middle of | mid | mid-week
        Before: before | prior to | ahead of
        By: by | until | till | up to | no later than | not later than | at the latest by | at the latest on | latest by | by no later than | on or before | as late as
        To: to | and | or | through
        Within+Filler: in | over | for
        Within: within | inside of | inside | in under | in less than | within the next | in the next | over the next | in the space of | within a maximum of | inside the next | under | inside | during the next | over the coming | in the coming | in a maximum of | no more than | in at most | within at most
        At: at | around | about | approximately | towards | roughly | ca | round about | about about | circa | shortly before | just after | just before
        After: after | starting | as of | from
        From: between | from
        Of: from | of | since | dated | for your
        Filler: on | the | of | 's | in | during | sometime | some time | later | then | at some point | course of | in the course of | this coming | next few | full | our | my | local | your | exactly | sharp | time
        Hour: o'clock | oclock | h | hours sharp
        Am: am
        Pm: pm
        """;

    const string NounTable = """
        Visit: adjudicator agronomist archaeologist assistant-on-site barista beautician bellhop biologist boatman bodyguard builder-team butler cabinetmaker carers caterer caterers chaplain chauffeur chef chimney cobbler colleague colleagues conservator consultation coroner courier-technician crewman dentist designer dietician diver dog-walker drivers electro-technician ergonomist estimator experts florist florist-team forewoman gas-fitter geologist guard guards guide-in-person hairdresser hygienist installation-team interpreter invigilator laborer labourer labourers locksmiths maid marshal masseur masseuse mover movers nanny nurses operative operatives osteopath painter painters paramedic patrol patrols photographer photographers pianist planner podiatrist porters priest removal-men removers restorer rigger saddler scaffolders seamstress site-visit sitter social-worker sound-engineer specialists stylist survey-visit tailor tech techs trainers tree-surgeon treesurgeon tutors undertaker valet valuer-on-site viewing viewings walk-through walkthrough watchman welder welders worker workers workman workmen zookeeper
        Refund: fiver tenner quid dosh bucks admission advance allowance arrears bond bonus booking-fee bounty cancellation-fee cash change-fee co-payment commission credit-note discount dividend down-payment entrance-fee entry-fee escrow expenses fund funds goodwill gratuity hire-charge holdback installment installments instalment instalments levy loyalty-points membership-fee miles overage payback payout payouts penalty prepayment proceeds purchase-price retainer retention security-deposit subscription-fee subsidy surplus toll tuition
        Call: buzz callbacks facetime phone-call phonecall ring-back teleconference video-call videocall zoom-call
        Answer: abstract acceptance accreditation addendum affidavit affidavits agreement agreements allocation amendment annex announcement appendix appraisals approval approvals attachment attachments attestation audit authorisation authorization balance-sheet bill bills biography bios blueprint blueprints booking-confirmation booklet brief briefing calculation calculations chart charter charts cheat-sheet citation clarification clearance codes comments comparison conclusion conclusions confirmations contact-details cost-estimate coupon-code course-outline credentials curriculum dataset decisions declaration deed deeds description design designs diagnosis diagram diagrams digest diploma directions documentation dossier drafts entry-form evaluation evidence excel exposition exposé extension-letter factsheet feedback-form files flyer footage form-letter gallery guidance guidelines handout handouts headcount id images info insurance-certificate invitation invite invites invoice-copy itemisation job-offer key-code labels leaflet lease leases links lists log login logins logo lookbook manuals manuscript map maps measurements menu menus meter-reading mortgage-offer notes notification notifications offers opinion order-confirmation outline overview-sheet pack-list pages papers passcode passwords payslips pdfs photo photograph photographs pic pics picture pin pins poster-draft powerpoint precis presentation price-list profile program programme projection proposals protocol qr-code question-list quote-sheet ranking receipt receipts recipe recommendation recommendations reminder reminders report-back reservation-number resume reviews risk-assessment rules screenshots script sheet sheets shortlist signed-contract slide solutions spreadsheets summaries surveys tariff tax-return thank-you-note ticket-number timelines timesheet title-deed token tracking-number transcripts transfer-receipt translation translations tutorial url variant variants video videos visual visuals voucher-code vouchers waiver warranty-card webinar-link will-draft workbook worksheet worksheets write-up writeup zip zip-file
        Delivery: adapters album albums alternator antenna appliance appliances armchair armchairs armoire awning awnings axle bags ball balls banner banners batch batches bathtub batteries beam beams beans beds bench benches bicycles bikes blanket blankets board boards boat boats boilers bolt bolts boot bottle bottles bouquets bowl bowls boxes bracket brackets brick bricks bucket bumper burner butter button buttons cabinet cabinets cameras candle candles canopy canvas cap caps carafe carpets cartridges cask casket castors ceramic chain chandelier chargers chess-set chest chip chips clasp clock clocks cloth clothes clothing coats coffee coffin coil collar columns computer computers concrete cool-box cots couch counter cupboard cupboards cushion cushions cylinders desks devices dish dishes dispenser drawer drawers dresses drill-bits drive drone dryers dumpster electrode engine envelope equipment espresso-machine fan fans faucet fence fencing fertiliser fertilizer filters fireplace fixture fixtures flag flags flasks floorboards flooring flour foam food forks fridges fuel furniture garment garments gate gates gear gearbox gifts glass glider grill grille grinder grit-bin guitars handle handles handset handsets harness headboard headsets hearing-aids heaters helmets herbs hinges hoodie hook hoses insoles instruments insulation jackets jar jars jersey jewellery jewelry jug keyboards keyring keys kitchen-units kits knife knives ladders lamps lantern laptops lid lids linens locker lumber machines magazine magazines magnet mat mats mattresses meal meals medals medications meters microwave mirror mirrors modems monitors motor motorbike motors mouthguard muffler mulch nameplate necklaces net nets nozzle nuts oil ornament ovens pack packages packets packs pads paints pan pane panes pans parcels passports paving pedal pedals pellets pen pens pepper perfume pickup-truck pipe pipes planter planters plaque plaques plate plates polish pool-cover poster pots printers prize prizes products prosthesis pumps purse pushchair radiators railings rails replica rice ring-binder robe roof-box rope ropes routers rubbish rugs salt sandwich sandwiches sausage scaffold scissors scooters screens screw seat seats seedling seedlings sensors server servers set-top-box shampoo shed sheds sheets-of-glass shelf shelves shipments shirts shoe silencer sim sim-card skips slabs slate slippers soap sofas solar-panels spares speakers splint stapler statue steel steering-wheel stems sticker stickers stones stool stools stove strap straps strings stuff substitute suitcases suits sunglasses supplement supplies surfboard sweets switch switches table-top tablecloth tanks tapes taps tarpaulin tea telescope tents terminal thermostat thermostats tin tins tire tires toolbox topsoil towel trailers trampoline trolley trolleys trophies trunk tub tube tubes umbrella units urn urns utensils vehicle vehicles veil vinyl waistcoat walker walking-aid wallet-case wallpaper wardrobes washing-machine water-cooler wax webcam wedding-dress windscreen wines wiper wipers wire workwear wrapping wreaths zips
        Call: call calls callback call-back phone telephone ring
        Answer: scan scans copies transcript marks values readings reading specs spec slides recording wording assessment appraisal verdict paperwork template checklist itinerary agenda roster rota syllabus grade grades marks report-card reference references record records extract extracts excerpt scanned overview breakdown printout spreadsheet certificate certificates contracts invoices quotes quotations estimates statements forms letters reports proof proofs mock-up mockup mockups sketch sketches rendering renderings layout permit-decision ruling notice answer answers fax pdf recap minutes transcript payslip itinerary breakdown valuation assessment findings memo voicemail-note verdict acknowledgement acknowledgment datasheet brochure catalogue catalog pricelist price prices costing figures plan plans drawing drawings timetable reply replies response update updates feedback news word email emails e-mail e-mails mail message messages letter link confirmation quote quotation offer estimate invoice invoices contract report details information instructions label document documents file form statement tracking explanation decision result results status copy manual guide newsletter screenshot proposal draft ticket code password certificate voucher sms text summary list photos pictures date dates appointment number list timeline outcome touch
        Refund: sum overcharge overpayments excess difference fare fares premium rebate top-up-refund remainder usd eur gbp sgd aud cad nzd zar chf refund dollars dollar euros euro pounds quid cents pence rupees rand € £ $ compensation overpayment postage fees fee charge charges surcharge balance cashback cheque chargeback refunds money credit reimbursement amount payment sum repayment credits deposit
        Visit: ranger arborist forester thatcher stonemason mason upholsterer keeper lad lads chap bloke guy guys man men woman lady apprentice warden officer beekeeper farrier electricians chimney-sweep cleaner housekeeper midwife therapist physiotherapist optician audiologist piano-tuner tuner glaziers roofers gardeners landscaper steward usher janitor porter visit roofer gardener decorator cleaner cleaners joiner carpenter glazier chimneysweep sweep tiler plasterer bricklayer builder builders vet nurse carer doctor physio assessor adjuster appraiser valuer architect tutor trainer exterminator pest-controller groundsman caretaker handyman tradesman crew squad fitters electricians plumbers engineers installers surveyors mechanics foreman rep representative consultant adviser advisor inspection technician technicians engineer fitter plumber electrician installer mechanic inspector visits serviceman repairman expert specialist locksmith surveyor
        Delivery: tray trays loaf loaves bread sourdough rolls croissants pastries baguette barrel keg hive saddle tractor trailer shrubs shrub tree trees turf logs firewood coal feed hay straw eggs milk fruit apples honey jam jumper sweater skirt suit blouse scarf hat gloves socks gown bracelet earrings brooch pendant giraffe doll teddy bear jigsaw kite racket skis snowboard skates tent rucksack backpack mug mugs vase teapot cutlery saucepan blade hinge knob gasket valve bulb fuse socket dinghy canoe kayak caravan mower lawnmower strimmer chainsaw generator compressor hens hen birds chicks piglets saplings bulbs pansies roses basket baskets sack sacks canister canisters barrels drum drums reel reels roll bundle bundles swatch swatches fabric yarn wool thread leather lenses contact-lenses dentures brace implant vaccine vaccines duvet pillow pillows bedding towels linen crib highchair car-seat stroller ladder scaffolding marquee portaloo portaloos lanterns projector microphone amplifier violin cello flute trumpet accordion parcel mattress bed wardrobe bookcase boiler dishwasher freezer cooker oven hob tumble-dryer dryer toaster blender kettle tablet screen monitor keyboard mouse headset headphones speaker tv television console camera lens glasses spectacles frames necklace watch dress coat shirt trousers boots sandals bag suitcase luggage toy toys game puzzle instrument guitar piano violin tyre tyres wheel wheels brake brakes bicycle scooter pram buggy cot plant plants flowers bouquet wreath cake cakes wine beer cheese meat fish hamper hampers groceries vegetables seeds compost soil sand gravel tiles tile timber wood panels panel door doors window windows curtain curtains blinds blind carpet rug paint tap sink toilet bath shower pump heater radiator meter tank cylinder hose cartridge toner ink paper stationery permit passport licence medication medicine medicines prescription tablets hearing-aid crutches wheelchair uniform uniforms badge trophy medal posters flyers leaflets cards invitations envelopes crate crates skip bin bins pallets load consignment freight merchandise stock replacements component components hardware stand frame sensor detector alarm lock toolkit tool tools kit set pair unit tracker lorry removal-van order package delivery shipment device order replacement part parts product item items charger kettle goods table courier driver van collection pickup pick-up packet box unit machine return returns fridge washer laptop phone-case cable cables screws key card gift sofa chair chairs filter battery router modem spare carrier truck pallet adapter printer lamp remote bike helmet shoes jacket book books sample samples
        Other: patch hotfix build workaround
        """;

    // Base forms; the others are made of them. "base/past participle" where it is not regular.
    static readonly (VerbKind Kind, string Verbs)[] VerbTable =
    [
        (VerbKind.Call, "phone-back call-back call phone telephone ring/rung dial buzz bell"),
        (VerbKind.Answer, "notify ping relay announce acknowledge respond elaborate brief-on apprise brief answer reply respond email e-mail mail write/written inform notify update message text confirm contact tell/told advise report explain clarify"),
        (VerbKind.Visit, "visit attend depute"),
        (VerbKind.Delivery, "transmit-goods cart truck bus lug ferry haul shuttle fedex consign parcel-off ship deliver dispatch post courier collect retrieve despatch fetch freight consign airmail"),
        (VerbKind.Refund, "rebate recoup reimburse repay/repaid indemnify disburse remunerate refund reimburse credit repay compensate recompense remit"),
        (VerbKind.Send, "send/sent flick furnish return forward provide supply hand issue transfer"),
        (VerbKind.Get, "receive get/got/gotten"),
        (VerbKind.Light, "give/given have/had make/made drop pay/paid keep/kept leave/left bring/brought put/put see/seen let/let hear/heard expect"),
        (VerbKind.Arrange, "arrange schedule organise organize process book prepare start begin/begun initiate do/done complete finish finalise finalize set/set release approve submit order"),
        (VerbKind.Come, "follow land head come/come arrive reach go/gone pass stop swing"),
        (VerbKind.Check, "assess evaluate monitor trace track compare double-check cross-check chase test-run research probe consider-again check investigate review examine look inspect discuss speak/spoken talk ask verify analyse analyze find/found consult raise"),
        (VerbKind.Other, "file pencil reset/reset rebuild/rebuilt rewrite/rewritten draw/drawn redraw/redrawn lend/lent sharpen spray throw/thrown wind/wound rewind/rewound knit bake cook roast brew bottle cater weave/woven bend/bent sweep/swept rinse vacuum shampoo steam press descale degrease regrout grout tarmac resurface regravel insure enrol enroll admit discharge excuse refer redirect reroute forward-on divert upgrade downgrade bump slot squeeze fasten brief-in hoover dust scrub scour buff wax re-key rekey recode reseal retile rethread reupholster upholster restuff vaccinate treat groom shear/shorn shoe/shod trim inoculate microchip neuter deworm fumigate spay bind/bound rebind/rebound photocopy scan digitise digitize transcribe certify authorise authorize sanction ratify endorse validate verify-again recount reassess rewrite re-enrol withdraw/withdrawn retract rescind annul quash pause resume unfreeze/unfrozen unblock lift-off uninstall reimage patch debug roll-back rollback revert whiten fill extract crown massage fit refit resize/resized shrink/shrunk widen narrow shorten lengthen tighten darn patch-up relabel rebox repack swap-out clear remedy rearrange reposition realign rotate balance defrost degas regas recharge decorate wallpaper furnish equip kit-out stock store garage tow park shelve set-aside lodge enter note-down log redo/redone rework restock reupload upload migrate backdate recalculate rebook rebill reissue reprint retest recalibrate rewire refit refill recharge reactivate reinstate reconfigure reverse void suspend terminate revoke merge split back-up backup transport trim cut/cut mow prune weed plane sand varnish polish wash iron alter hem sew/sewn stitch tailor engrave print laminate frame paint plaster seal weld solder drill fasten tighten loosen lubricate service bleed/bled drain flush unclog insulate ventilate level fill cover wrap pack unpack label translate draft redraft edit proofread publish list delist refurbish resole restring retune tune calibrate train teach/taught host lift relocate shift deduct discount write-off cap freeze/frozen lock whitelist blacklist allocate reassign appoint nominate file lodge petition appeal sign countersign notarise notarize stamp erase wipe purge archive recover sync synchronise synchronize reboot restart roll/rolled bump top-up prioritise prioritize expedite remedy redress dig/dug lay/laid build/built hang/hung fit/fitted mount strip demolish dismantle assemble repaint rehang repair fix replace cancel correct exchange change reset unlock activate escalate restore resolve solve adjust remove delete install reinstall configure close reopen extend waive stop-payment swap mend block unblock renew upgrade downgrade rebuild add handle pass-on switch enable disable move reserve hold/held amend register assign clean test patch deploy publish reconnect connect disconnect rectify deal/dealt take/taken sort settle"),
        (VerbKind.Stop, "look-forward apologise apologize sympathise sympathize respect admire trust honour value treasure mind regret comprehend realise realize notice wonder agree disagree deserve remember forget/forgotten learn/learnt cause affect involve include exceed result carry-on apply tend survive grow/grown sleep/slept laugh smile cry celebrate shine rain snow become belong contain differ earn exist expire happen lack live lose matter owe possess recommend regret rely stand stay suffer suit sound vary wish be need want hope try aim like love appreciate understand/understood know/known remain continue require help assist support wait endeavour endeavor strive attempt consider prefer believe think/thought fail depend enjoy welcome seem feel/felt mean/meant cost last always never miss"),
    ];

    static readonly HashSet<string> Doubled = Set("remit submit transmit commit permit admit transfer defer equip nip pop chip rip tag pin pad scan mop top cap crop step jot zip pot shred bed tip chop grit shop get let put set swap drop ship refer stop trim cut fit dig plan wrap strip run");
    static readonly HashSet<string> Adverbs = Set("also then now certainly definitely personally gladly immediately first again still both all just promptly of course surely therefore thus naturally happily directly soon shortly finally automatically then once absolutely");
    static readonly HashSet<string> NotFirm = Set("able happy glad pleased delighted ready sure closed open away out busy available grateful unable necessary sorry required interested unavailable willing");
    static readonly HashSet<string> Not = Set("not never no-longer hardly neither nor cannot won't don't didn't isn't aren't can't couldn't wouldn't no nobody none");
    static readonly HashSet<string> Will = Set("will 'll shall");
    static readonly HashSet<string> SelfWords = Set("we i you they he she it there will 'll shall would could should can may might must 'm 're am are is was were has have had please who which that");
    static readonly HashSet<string> Asking = Set("check see ask confirm verify know clarify checking out find asked examine test whether wonder look");
    static readonly HashSet<string> Pledges = Set("promise guarantee commit undertake pledge assure vow swear agree");
    static readonly HashSet<string> Booked = Set("down booked scheduled arranged set confirmed fixed due");

    public English() : base(TimeTable, NounTable,
        joins: "and but or so yet then plus",
        strangers: "they underwriter underwriters reinsurer wholesaler distributor embassy consulate ombudsman regulator bank manufacturer insurer insurance customer neighbour neighbor supplier police authorities authority landlord vendor competitor government ministry post-office provider tenant visitor users microsoft google apple amazon paypal dhl ups fedex hermes dpd gls somebody-else maker producer weather court platform exchange-rate",
        doubts: "ordinarily customarily fingers-crossed tentative provisionally theoretically chance wish roughly-speaking aim aims aiming intend intends plan-on planning hoping trying hopeful doubt doubtful conceivably supposedly allegedly projected estimated unlikely unsure hopefully maybe perhaps probably possibly likely hope hopes believe think guess suppose assume normally usually typically generally ideally should might may could would try tentatively presumably apparently expected fingers",
        tails: "at the latest|latest|at the very latest|or sooner|or earlier|from now|at noon|sharp",
        reports: """
            you wrote|you said|you mentioned|you told|you were told|you asked|you claim|you say|you think|you read|you believed|you thought|you write|you were promised|you had been told|you have been told|told us|told me|informed us|informed me|assured us|assures us|told you|promised you
            says|said|says that|according to|claims|claimed|states that|reports that|tells us|they promise|confirmed to us|wrote to us|has announced|announced that|your colleague|we wrote|we told you|we said|was told|were told|customer wrote|wrote that|replied that|used to|had promised
            """,
        frequent: "the we will you your to and of is i it for with our have this that be by on are at from as not my please",
        unsure: "it may be|it could be|there is a chance|no guarantee|cannot guarantee|can't guarantee|not sure|with luck|with a bit of luck|with a little luck|knock on wood|touch wood|god willing|if all goes|with any luck|all being well|weather permitting|the idea is|the plan is|in theory|as a rule|working towards|working toward|i wish|we wish",
        habits: "ordinarily customarily whenever every each usually normally always generally typically mondays tuesdays wednesdays thursdays fridays saturdays sundays weekdays weekends daily weekly monthly")
    {
        foreach (var (kind, line) in VerbTable)
            foreach (var verb in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var forms = verb.Split('/');
                var b = forms[0];
                void Put(string word, VerbForm form) => Add(word, new(b, kind, form, null));
                Put(b, VerbForm.Infinitive | VerbForm.First);
                Put(b.EndsWith('y') && !"aeo".Contains(b[^2], StringComparison.Ordinal) ? b[..^1] + "ies" : b.EndsWith("sh", StringComparison.Ordinal) || b.EndsWith("ch", StringComparison.Ordinal) || b.EndsWith('s') || b.EndsWith('x') || b is "go" or "do" ? b + "es" : b == "have" ? "has" : b + "s", VerbForm.Third);
                var root = Doubled.Contains(b) ? b + b[^1] : b.EndsWith('e') && b is not ("be" or "see") ? b[..^1] : b;
                Put(root + "ing", VerbForm.Ing);
                if (forms.Length == 1 && b is [.., 'a' or 'e' or 'i' or 'o', 'l'])
                {
                    Put(b + "led", VerbForm.Participle);
                    Put(b + "ling", VerbForm.Ing);
                }
                if (forms.Length == 1)
                    Put(b.EndsWith('y') && !"aeo".Contains(b[^2], StringComparison.Ordinal) ? b[..^1] + "ied" : root + "ed", VerbForm.Participle);
                else
                    foreach (var participle in forms[1..])
                        Put(participle, VerbForm.Participle);
            }
    }

    public override string Code => "en";

    static readonly string[] Ordinals = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first".Split(' ');

    public override int OrdinalWord(string word) => Array.IndexOf(Ordinals, word) + 1;

    public override bool IsOrdinal(string word) => word is "st" or "nd" or "rd" or "th";

    public override bool IsArticle(string word) => word is "a" or "an";

    public override int MinutesBefore(string word) => word switch { "past" or "after" => 1, "to" or "before" => -1, _ => 0 };

    public override bool MonthFirst(string zone) => zone.StartsWith("America/", StringComparison.Ordinal) || zone.StartsWith("US/", StringComparison.Ordinal) || zone is "Pacific/Honolulu";

    protected override bool IsOurReport(SentenceView s, int at) => s.Word(at) is "said" or "told" && s.Word(at - 1) is "i" or "we" && s.Word(at - 2) is "as";

    public override bool IsClauseWord(SentenceView s, int at) => SelfWords.Contains(s.Word(at)) || IsConditionWord(s, at) || VerbsAt(s, at).Length > 0 && s.Word(at - 1) is not ("the" or "a" or "an" or "your" or "our" or "my" or "this" or "new");

    static bool IsConditionWord(SentenceView s, int at) => s.Word(at) is "if" or "when" or "once" or "unless" or "provided" or "whenever";

    public override bool IsCondition(SentenceView s, int at)
    {
        var next = s.Word(at + 1);
        var before = s.Word(at - 1);
        return s.Word(at) switch
        {
            "if" => before is not ("even" or "as") && !(Asking.Contains(before) || Asking.Contains(s.Word(at - 2)) && s.Word(at - 2) is not "see"),
            "when" or "whenever" or "unless" or "assuming" or "otherwise" or "upon" or "depending" => true,
            "once" => next is not ("again" or "more" or "a" or "and" or "for" or "" or "," or "."),
            "provided" or "providing" or "supposing" => next is "that" or "you" or "the" or "we" or "it" or "your",
            "soon" => before == "as" && next == "as" && s.Word(at + 2) is not ("possible" or "ever") && !(s.Word(at + 2) is "we" or "i" && s.Word(at + 3) is "can" or "possibly"),
            "long" => before == "as" && next == "as",
            "case" => before == "in",
            "event" => next is "of" or "that",
            "should" => at == s.SegmentAt(at).Start,
            "after" => next is "you" or "we" or "i" or "they" or "your" or "receiving" or "receipt",
            "receipt" => before is "on" or "upon",
            "subject" => next == "to",
            "condition" => before == "on",
            _ => false,
        };
    }

    bool IsDoubted(SentenceView s, int verb)
    {
        var segment = s.SegmentAt(verb);
        if (s.Any(segment.Start, segment.End, Doubts))
            return true;
        // "I hope we …" before a comma, "Hopefully, we will …"
        if (s.SegmentIndex(verb) is > 0 and var index && !segment.Joined && !segment.Hard && s.Segments[index - 1] is var lead && !(index > 1 && Will.Contains(s.Word(segment.Start))) && lead.End - lead.Start <= 3 && s.Any(lead.Start, lead.End, Doubts))
            return true;
        // "so that we will", "how we will"
        for (var i = segment.Start; i < verb; i++)
            if (s.Word(i) is "how" or "what" or "why" or "where" or "whether" or "until" || s.Word(i) is "so" && s.Word(i + 1) is "that" || s.Word(i) is "if" && !IsCondition(s, i))
                return true;
        return false;
    }

    static readonly HashSet<string> Own = Set("our colleague colleagues team mr mrs ms dr workshop office shop store warehouse department manager supervisor accountant accounts kitchen studio lab laboratory technician engineer fitter someone somebody director branch staff crew specialist plumber electrician planner organiser coordinator assistant he she");

    /// <summary>One who does something by trade, told by the ending: "joiner", "arborist", "locksmith".</summary>
    static bool IsPerson(string word) => word.Length > 5 && !word.EndsWith("number", StringComparison.Ordinal) && (word.EndsWith("er", StringComparison.Ordinal) || word.EndsWith("ers", StringComparison.Ordinal) || word.EndsWith("ist", StringComparison.Ordinal) || word.EndsWith("ists", StringComparison.Ordinal) || word.EndsWith("ician", StringComparison.Ordinal) || word.EndsWith("icians", StringComparison.Ordinal) || word.EndsWith("man", StringComparison.Ordinal) || word.EndsWith("men", StringComparison.Ordinal) || word.EndsWith("woman", StringComparison.Ordinal) || word.EndsWith("smith", StringComparison.Ordinal) || word.EndsWith("keeper", StringComparison.Ordinal) || word.EndsWith("tor", StringComparison.Ordinal));

    /// <summary>Where a thing ends up tells what it is: money on a card, a message in an inbox, a parcel at the door.</summary>
    static PromiseKind? Place(SentenceView s, int from, int to)
    {
        for (var i = Math.Max(0, from); i < Math.Min(to, s.Count); i++)
        {
            if (s.Word(i) is "inbox" or "in-box" or "mailbox" or "e-mail" or "email" or "portal" or "in-tray" || s.Word(i) is "desk" && s.Word(i - 1) == "your" || s.Word(i) is "mail" && s.Word(i - 1) == "your" || s.Word(i) is "message" or "text" or "whatsapp" or "sms" && s.Word(i - 1) is "by" or "via")
                return PromiseKind.Answer;
            if (s.Word(i) is "account" && s.Word(i + 1) is "page" or "area" or "section" or "portal" or "dashboard")
                return PromiseKind.Answer;
            if (s.Word(i) is "card" or "visa" or "mastercard" or "amex" or "paypal" or "wallet" or "account" && s.Any(Math.Max(from, i - 4), i, OnTo))
                return PromiseKind.Refund;
            if (s.Word(i) is "post" or "doorstep" or "porch" or "van" or "courier" or "letterbox" || s.Word(i) is "mail" && s.Word(i - 1) == "the")
                return PromiseKind.Delivery;
        }
        return null;
    }

    static readonly HashSet<string> OnTo = Set("on onto to into in");
    static readonly HashSet<string> Vague = Set("working looking checking waiting hoping trying wondering asking writing contacting replying having getting being seeing experiencing aiming planning facing doing missing processing running dealing investigating reviewing talking speaking going feeling assuming attaching enclosing following taking making giving thinking considering expecting keeping holding using coming returning including currently struggling chasing confirming closing saying telling calling offering suggesting monitoring learning hearing asking sticking standing sitting bringing morning evening");
    static readonly HashSet<string> Underway = Set("currently still presently already moment meantime busy");
    static readonly HashSet<string> Objects = Set("the your you it a an this them these those that all both two three four his her their my our everything");

    enum Subject { Ours, You, Stranger, Thing, None }

    Subject SubjectBefore(SentenceView s, int at)
    {
        var i = at - 1;
        var start = s.SegmentAt(at).Start;
        // "The parts, which you ordered, will …": the subject may stand before the comma.
        while (i >= start && (!s.IsFree(i) || Adverbs.Contains(s.Word(i)))) i--;
        if (i < start)
            return s.SegmentIndex(at) > 0 && start > 0 ? Subject.Thing : Subject.None;
        switch (s.Word(i))
        {
            case "we" or "i": return Subject.Ours;
            case "you": return Subject.You;
            case "they": return Subject.Stranger;
        }
        for (var k = i; k >= Math.Max(start, i - 9); k--)
        {
            if (Strangers.Contains(s.Word(k)))
                return Subject.Stranger;
            if (s.Word(k) is "your" && k < i && s.Word(k + 2) is not "'s" && s.Word(k + 1) is "wife" or "husband" or "neighbour" or "neighbor" or "son" or "daughter" or "partner" or "company" or "provider" or "boss" or "lawyer" or "team" or "colleague" or "doctor" or "father" or "mother" or "accountant" or "caretaker" or "mother" or "sister" or "brother" or "landlord" or "builder" or "tenant" or "manager" or "insurer" or "bank")
                return Subject.Stranger;
        }
        return Subject.Thing;
    }

    /// <summary>Somebody or something of ours stands before a verb in the present: "our roofer", "your parcel", "Mr Brown", "it".</summary>
    bool IsOurs(SentenceView s, int at)
    {
        var start = s.SegmentAt(at).Start;
        for (var i = at - 1; i >= start; i--)
        {
            var word = s.Word(i);
            if (!s.IsFree(i))
                continue;
            if (word is "our" or "your" or "my" or "it" or "he" or "she" or "they" or "colleague" or "colleagues" or "team" or "somebody" or "someone" or "one" or "mr" or "mrs" or "ms" or "dr" or "yours" || Noun(s, i) is not null)
                return true;
            // A name: "Gaynor picks it up tomorrow".
            if (s.Tokens[i].Capital && word is not ("the" or "a" or "an" or "this" or "that"))
                return true;
        }
        return false;
    }

    static readonly HashSet<string> Relatives = Set("who that which whose to and or the a an your our my his her their this these those any no if of for by with as not do does did don't doesn't can could should would may might must us me");
    static readonly HashSet<string> NotDone = Set("closed located based charged billed required needed interested located opened involved limited affected used supposed asked allowed invited advised welcomed included accepted applied considered deemed increased reduced pleased delighted bothered surprised tired worried disappointed cancelled-by covered");

    public override void Acts(SentenceView s, List<Act> acts)
    {
        for (var i = 0; i < s.Count; i++)
        {
            if (!s.IsFree(i))
                continue;
            var word = s.Word(i);
            var count = acts.Count;
            if (word == "gonna")
                Future(s, i, i + 1, SubjectBefore(s, s.Word(i - 1) is "'re" or "'m" or "'s" or "are" or "am" or "is" ? i - 1 : i), acts);
            else if (word is "ill" or "il" && i == s.SegmentAt(i).Start && Find(s, SkipAdverbs(s, i + 1), VerbForm.Infinitive) is { Kind: not VerbKind.Stop })
                Future(s, i, i + 1, Subject.Ours, acts);
            else if (Will.Contains(word))
                Future(s, i, i + 1, SubjectBefore(s, i), acts);
            else if (word is "am" or "are" or "is" or "'m" or "'re" or "'s" || word is "im" && i == s.SegmentAt(i).Start && s.Word(i + 1).EndsWith("ing", StringComparison.Ordinal))
            {
                if (s.Word(i + 1) == "going" && s.Word(i + 2) == "to" && s.IsFree(i + 2))
                    Future(s, i, i + 3, SubjectBefore(s, i), acts);
                else
                    Being(s, i, acts);
            }
            else if (word is "expect" or "anticipate" && (i == s.SegmentAt(i).Start || s.Word(i - 1) is "can" or "may" or "please") && FirstNoun(s, i + 1, i + 6) is not null && SubjectBefore(s, i - (s.Word(i - 1) is "can" or "may" ? 1 : 0)) is Subject.You or Subject.None)
                Put(acts, s, i, "get", VerbKind.Light, "expect");
            else if (word is "count" && s.Word(i + 1) == "on" && SubjectBefore(s, i - (s.Word(i - 1) is "can" or "may" ? 1 : 0)) is Subject.You or Subject.None && FirstNoun(s, i + 2, i + 7) is not null)
                Put(acts, s, i, "get", VerbKind.Light, "count on", needsTime: true);
            else if (Pledges.Contains(word) && SubjectBefore(s, i) == Subject.Ours)
                Pledge(s, i, acts);
            else if (acts.Count > 0 && acts[^1].Verb < i && Sharing(s, i, acts[^1]))
            {
                // Who comes to have a look does one thing.
                if (acts[^1].Kind is VerbKind.Visit or VerbKind.Come && s.Word(i) is "take" or "have" or "see" && s.Any(i, Math.Min(i + 5, s.Count), Looks))
                    continue;
                if (Find(s, i, VerbForm.Infinitive) is { Kind: not VerbKind.Stop } verb)
                    Act(s, i, verb, acts, "and …", shares: true);
                else if (Continues(s, i, acts[^1]) is { } same)
                    Act(s, i, same, acts, "and …, in the same form", shares: true, needsTime: acts[^1].NeedsTime);
                else if (s.Word(i) == "be" && Find(s, i + 1, VerbForm.Ing | VerbForm.Participle) is { Kind: not VerbKind.Stop } being)
                    Act(s, i + 1, being, acts, "and be …", shares: true);
            }
            else
                Present(s, i, acts);
            if (acts.Count > count)
            {
                var negated = false;
                for (var k = s.SegmentAt(acts[^1].Verb).Start; k < acts[^1].Verb; k++)
                    negated |= s.IsFree(k) && Not.Contains(s.Word(k)) && !(s.Word(k) == "not" && s.Word(k + 1) == "only");
                if (negated || IsDoubted(s, acts[^1].Verb))
                    acts.RemoveRange(count, acts.Count - count);
                else
                    i = Math.Max(i, acts[^1].Verb);
            }
        }
    }

    /// <summary>"We are sending it and refunding the postage", "will be repaired and returned": the form of the act before goes on.</summary>
    VerbEntry? Continues(SentenceView s, int at, Act before)
    {
        if (Find(s, before.Verb, VerbForm.Ing) is not null)
            return Find(s, at, VerbForm.Ing) is { Kind: not (VerbKind.Stop or VerbKind.Light or VerbKind.Check or VerbKind.Get) } ing ? ing : null;
        return Find(s, before.Verb, VerbForm.Participle) is not null && Find(s, at, VerbForm.Participle) is { Kind: VerbKind.Send or VerbKind.Delivery or VerbKind.Refund or VerbKind.Call or VerbKind.Answer } done ? done : null;
    }

    /// <summary>"… and send": a bare verb after "and", with no subject of its own.</summary>
    bool Sharing(SentenceView s, int at, Act before)
    {
        var i = at - 1;
        while (i > before.Verb && (Adverbs.Contains(s.Word(i)) || s.IsFree(i) && s.Word(i) is "to" or "you")) i--;
        if (s.Word(at - 1) == "you" && s.Word(at) == "keep" || s.Word(i) is not ("and" or "then" or ",") || s.Word(at + 1) is "us" or "me")
            return false;
        // A noun of a list is no verb: "a call and reply".
        return s.Word(i) != "," || Find(s, at, VerbForm.Infinitive) is not null && s.Word(at + 1) is "you" or "the" or "your" or "it" or "a" or "this" or "them";
    }

    static int SkipAdverbs(SentenceView s, int at)
    {
        while (at < s.Count && (Adverbs.Contains(s.Word(at)) || !s.IsFree(at) && s.Word(at) is not ",")) at++;
        return at;
    }

    void Future(SentenceView s, int will, int at, Subject subject, List<Act> acts)
    {
        // "Will call you tomorrow.": said without its subject.
        if (subject == Subject.None)
        {
            if (will != s.SegmentAt(will).Start || s.Word(will + 1) is "you" or "we" or "i" or "the" or "it" or "they")
                return;
            subject = Subject.Ours;
        }
        if (subject == Subject.Stranger)
            return;
        at = SkipAdverbs(s, at);
        if (at >= s.Count || Not.Contains(s.Word(at)))
            return;
        var word = s.Word(at);
        if (word == "be")
        {
            var next = SkipAdverbs(s, at + 1);
            // "The car will be ready to pick up at five", "ready for collection": it is handed over.
            if (s.Word(next) is "ready" && subject == Subject.Thing && s.Word(next + 1) is "for" or "to" && s.Word(next + 2) is "collection" or "pickup" or "pick-up" or "collect" or "pick" or "fetch")
            {
                Put(acts, s, next, "collect", VerbKind.Delivery, "will be ready to collect");
                return;
            }
            // "The plumber will be out to you", "your line will be back up".
            if (s.Word(next) is "out" && s.Word(next + 1) is "to" or "at" or "with" && (subject == Subject.Ours || FirstNoun(s, s.SegmentAt(at).Start, at) is PromiseKind.Visit))
            {
                Put(acts, s, next, "come", VerbKind.Visit, "will be out to you");
                return;
            }
            if (s.Word(next) is "back" && s.Word(next + 1) is "up" or "on" or "online" or "working" or "running" && Place(s, next, s.SegmentAt(at).End) is null && subject == Subject.Thing && IsOurs(s, will))
            {
                Put(acts, s, next, "mend", VerbKind.Other, "will be back up", needsTime: true);
                return;
            }
            // "Your coat will be ready on Friday": the work on it is done by then.
            if (s.Word(next) is "ready" or "fixed" or "done" or "finished" or "sorted" or "complete" && subject == Subject.Thing && IsOurs(s, will))
            {
                Put(acts, s, next, "finish", VerbKind.Other, "will be ready", needsTime: true);
                return;
            }
            if (NotFirm.Contains(s.Word(next)))
                return;
            if (s.Word(next) is "on" && s.Word(next + 1) is "the" or "a" && s.Word(next + 2) is "phone" or "line" or "call" or "blower")
            {
                Put(acts, s, next, "call", VerbKind.Call, "will be on the phone");
                return;
            }
            if (s.Word(next) is "paid" && subject is Subject.Thing or Subject.You)
            {
                Put(acts, s, next, "pay", VerbKind.Refund, "will be paid");
                return;
            }
            if (s.Word(next) is "in" && s.Word(next + 1) is "touch" or "contact")
                Put(acts, s, next + 1, "answer", VerbKind.Answer, "be in touch");
            else if (s.Word(next) is "back" && s.Word(next + 1) is "in" or "with" && subject == Subject.Ours)
                Put(acts, s, next, "answer", VerbKind.Answer, "be back in touch");
            else if (subject == Subject.You && s.Word(next) is "getting" or "receiving" && !FromStranger(s, next))
                Put(acts, s, next, "get", VerbKind.Get, "you will be getting");
            else if (Find(s, next, VerbForm.Ing) is { Kind: not VerbKind.Stop } ing && subject != Subject.You)
                Act(s, next, ing, acts, "will be …ing");
            else if (Find(s, next, VerbForm.Participle) is { Kind: not VerbKind.Stop } participle)
            {
                if (subject == Subject.You && participle.Kind is not (VerbKind.Call or VerbKind.Answer or VerbKind.Refund or VerbKind.Visit or VerbKind.Send or VerbKind.Get))
                    return;
                if (subject != Subject.Ours)
                    Act(s, next, participle, acts, "will be …ed");
            }
            else if (subject == Subject.Thing && s.IsFree(next) && s.Tokens[next].IsWord && s.Word(next) is { Length: > 5 } done && done.EndsWith("ed", StringComparison.Ordinal) && !NotDone.Contains(done) && VerbsAt(s, next).Length == 0)
                Put(acts, s, next, done, VerbKind.Other, "will be …ed, verb not in the tables");
            else if (s.IsFree(next) && s.Word(next) is "with" or "at" or "there" or "on" or "in" or "round" or "back" or "over" or "delivered" or "here" or "by" or "yours" or "out" or "along" or "up" or "home" || !s.IsFree(at + 1) && subject == Subject.Thing)
            {
                if (subject != Subject.You && (subject == Subject.Ours || IsOurs(s, will)) && s.Word(next) is not "away")
                    Put(acts, s, at, "come", subject == Subject.Ours && s.Word(next) is not ("in" or "back") ? VerbKind.Visit : VerbKind.Come, "will be with");
            }
            return;
        }
        if (word is "know" && subject == Subject.You || word is "have" && subject == Subject.You && s.Word(at + 1) is "my" or "our" && s.Word(at + 2) is "thoughts" or "view" or "views" or "take" or "verdict" or "word")
        {
            Put(acts, s, at, "answer", VerbKind.Answer, "you will know", needsTime: true);
            return;
        }
        if (subject == Subject.You && word is "have" or "find" or "see" && s.Word(at + 1) is not "to" and not "no" && Place(s, at, s.Count) is { } place && (FirstNoun(s, at + 1, s.SegmentAt(at).End) is null || word is not "have" || place != PromiseKind.Delivery))
        {
            Put(acts, s, at, "get", place == PromiseKind.Answer && FirstNoun(s, at + 1, s.SegmentAt(at).End) is PromiseKind.Refund ? VerbKind.Refund : place == PromiseKind.Answer ? VerbKind.Answer : place == PromiseKind.Refund ? VerbKind.Refund : VerbKind.Delivery, "you will have it in your …", needsTime: word != "have");
            return;
        }
        if (subject == Subject.You && word == "have" && s.Word(at + 1) is "it" or "them" or "this" or "these" && FirstNoun(s, at + 1, s.SegmentAt(at).End) is null)
        {
            Put(acts, s, at, "get", s.Word(at + 2) is "back" ? VerbKind.Delivery : VerbKind.Answer, "you will have it", needsTime: true);
            return;
        }
        if (word == "have")
        {
            var next = SkipAdverbs(s, at + 1);
            if (s.Word(next) is "to" or "no")
                return;
            if (Find(s, next, VerbForm.Participle) is { Kind: not (VerbKind.Stop or VerbKind.Light) } done && subject != Subject.You)
                Act(s, next, done, acts, "will have …ed");
            else if (s.Word(next) == "been" && Find(s, next + 1, VerbForm.Participle) is { Kind: not VerbKind.Stop } been)
                Act(s, next + 1, been, acts, "will have been …ed");
            else if (subject == Subject.Ours && Somebody(s, next, at + 6) is { } body && s.Word(body + 1) is "out" or "round" or "over" or "with" or "at" or "there" or "around")
                Put(acts, s, at, "come", VerbKind.Visit, "will have somebody out");
            else if (subject == Subject.Ours && s.Word(next) is "it" or "this" or "that" or "them" or "these" or "everything" or "all" && Find(s, SkipAdverbs(s, next + 1), VerbForm.Participle) is { Kind: not (VerbKind.Stop or VerbKind.Light) } mended)
                Act(s, SkipAdverbs(s, next + 1), mended, acts, "will have it …ed");
            else if (subject == Subject.Ours && s.Word(next) is "you" && s.Word(next + 1) is "back" or "up" && s.Word(next + 2) is "up" or "on" or "online" or "and" or "in")
                Put(acts, s, at, "mend", VerbKind.Other, "will have you back up");
            else if (subject == Subject.Ours && s.Word(next) is "a" && s.Word(next + 1) is "word" or "chat" or "look")
                Put(acts, s, at, "check", s.Word(next + 1) is "chat" && s.Word(next + 3) is "you" ? VerbKind.Call : VerbKind.Check, "will have a word");
            else if (subject == Subject.Ours && ToYou(s, next, s.SegmentAt(at).End))
                Put(acts, s, at, "bring", VerbKind.Send, "will have it with you");
            else if (FirstNoun(s, next, s.SegmentAt(at).End) is not null)
            {
                // "have a technician call you", "have it repaired"
                for (var i = next; i < Math.Min(s.SegmentAt(at).End, next + 6); i++)
                    if (subject == Subject.Ours && Find(s, i, VerbForm.Infinitive | VerbForm.Participle) is { Kind: not (VerbKind.Stop or VerbKind.Light) } inner && (Noun(s, i) is null || i > next + 1))
                    {
                        Act(s, i, inner, acts, "will have …");
                        return;
                    }
                Put(acts, s, at, "get", VerbKind.Light, "will have");
            }
            return;
        }
        if (word == "get")
        {
            var next = at + 1;
            if (s.Word(next) is "back" or "in" && s.Word(next + 1) is "to" or "touch" or "contact" && subject != Subject.You)
                Put(acts, s, at, "answer", VerbKind.Answer, "get back to");
            else if (subject == Subject.You)
                Put(acts, s, at, s.Any(next, Math.Min(next + 3, s.Count), Rings) ? "call" : "get", s.Any(next, Math.Min(next + 3, s.Count), Rings) ? VerbKind.Call : VerbKind.Get, "you will get");
            // "We'll get someone over to you".
            else if (Somebody(s, next, at + 5) is { } body && s.Word(body + 1) is "out" or "round" or "over" or "there" or "around" or "in" || Somebody(s, next, at + 5) is { } other && s.Word(other + 1) is "to" && s.Word(other + 2) is "you" or "your")
                Put(acts, s, at, "come", VerbKind.Visit, "get somebody over");
            else
            {
                for (var i = next; i < Math.Min(s.SegmentAt(at).End, next + 5); i++)
                    if (s.Word(i - 1) is "to" && Find(s, i, VerbForm.Infinitive) is { Kind: VerbKind.Call or VerbKind.Answer or VerbKind.Visit or VerbKind.Come or VerbKind.Send or VerbKind.Delivery or VerbKind.Refund } asked)
                    {
                        Act(s, i, asked, acts, "get … to");
                        return;
                    }
                    else if (Find(s, i, VerbForm.Participle) is { Kind: not (VerbKind.Stop or VerbKind.Light) } done)
                    {
                        Act(s, i, done, acts, "get … done");
                        return;
                    }
                Put(acts, s, at, "get", ToYou(s, next, s.SegmentAt(at).End) ? VerbKind.Send : VerbKind.Arrange, "get");
            }
            return;
        }
        if (word is "make" && s.Word(at + 1) is "sure" or "certain" || word is "ensure" || word is "see" && s.Word(at + 1) == "to")
        {
            for (var i = at + 2; i < s.Count; i++)
                if (Find(s, i, VerbForm.Third | VerbForm.Infinitive | VerbForm.Participle | VerbForm.Ing) is { } inner && (inner.Kind is not (VerbKind.Stop or VerbKind.Light) || inner.Verb == "leave") && Noun(s, i) is null)
                {
                    Act(s, i, inner.Verb == "leave" ? inner with { Kind = VerbKind.Send } : inner, acts, "make sure");
                    return;
                }
            return;
        }
        if (subject != Subject.You && (word is "circle" or "loop" or "report" && s.Word(at + 1) == "back" || word is "come" or "revert" or "write" && s.Word(at + 1) == "back" && s.Word(at + 2) is "to" or "with" || word is "revert" && s.Word(at + 1) is not ("the" or "your" or "it" or "this" or "that" or "these" or "them" or "all") || word is "reach" && s.Word(at + 1) == "out" || word is "touch" && s.Word(at + 1) == "base"))
        {
            Put(acts, s, at, "answer", VerbKind.Answer, "come back to");
            return;
        }
        if (word is "do" && s.Word(at + 2) is "needful" || word is "do" && s.Word(at + 1) is "our" or "my" or "everything" or "all" or "what")
            return;
        if (word == "look" && !(s.Word(at + 1) is "in" && s.Word(at + 2) is "on" or "at"))
        {
            if (s.Word(at + 1) is "forward" or "like" or "out")
                return;
            Put(acts, s, at, "check", VerbKind.Check, "look into");
            return;
        }
        if (word == "let" && subject == Subject.Ours)
        {
            if (s.Word(at + 2) is "know" or "have" or "hear")
                Put(acts, s, at, "answer", VerbKind.Answer, "let you know");
            return;
        }
        if (word == "keep" && subject == Subject.Ours)
        {
            for (var i = at + 1; i <= at + 3; i++)
                if (s.Word(i) is "posted" or "informed" or "updated" or "touch" or "loop")
                    Put(acts, s, at, "answer", VerbKind.Answer, "keep you posted");
            // "We'll keep your table until eight".
            if (s.Word(at + 1) is "your" or "the" or "a" or "it" or "them" && s.Any(at, s.SegmentAt(at).End, Until))
                Put(acts, s, at, "reserve", VerbKind.Other, "keep … until");
            return;
        }
        if (word == "hear" && subject == Subject.You && s.Word(at + 1) is "from" or "back")
        {
            Put(acts, s, at, "answer", VerbKind.Answer, "hear from us");
            return;
        }
        if (word == "see" && subject == Subject.You && FirstNoun(s, at, s.SegmentAt(at).End) == PromiseKind.Refund)
        {
            Put(acts, s, at, "refund", VerbKind.Refund, "see the money");
            return;
        }
        if (word == "take" && subject == Subject.Thing && s.Word(at + 1) is "place" && FirstNoun(s, s.SegmentAt(at).Start, at) is not null)
        {
            Put(acts, s, at, "take place", VerbKind.Light, "will take place");
            return;
        }
        if (word is "pick" && s.Word(at + 1) is "up" && s.Word(at + 2) is "the" && s.Word(at + 3) is "phone" or "telephone" && subject != Subject.You)
        {
            Put(acts, s, at, "call", VerbKind.Call, "pick up the phone");
            return;
        }
        // "Hop on a call", "get on the phone to you", "try your mobile".
        if (subject != Subject.You && (word is "hop" or "jump" or "get" or "be" && s.Word(at + 1) is "on" && s.Word(at + 2) is "a" or "the" && s.Word(at + 3) is "call" or "phone" or "line" or "blower" || word is "try" && s.Word(at + 1) is "your" && s.Word(at + 2) is "mobile" or "phone" or "number" or "landline" or "cell"))
        {
            Put(acts, s, at, "call", VerbKind.Call, "get on the phone");
            return;
        }
        // "I'll see you at the flat", "look in on your father", "fill you in".
        if (subject == Subject.Ours | subject == Subject.Thing && (word is "see" && s.Word(at + 1) is "you" && s.Word(at + 2) is "at" && s.Word(at + 3) is "the" or "your" or "yours" || word is "look" or "drop" or "stop" or "pop" or "pull" or "call" && s.Word(at + 1) is "in" && s.Word(at + 2) is "on" or "at"))
        {
            Put(acts, s, at, "come", VerbKind.Visit, "look in on");
            return;
        }
        if (subject != Subject.You && word is "fill" && s.Word(at + 1) is "you" && s.Word(at + 2) is "in")
        {
            Put(acts, s, at, "answer", VerbKind.Answer, "fill you in");
            return;
        }
        // "Take it off your hands".
        if (subject != Subject.You && word is "take" && s.Any(at, Math.Min(at + 6, s.Count), Hands))
        {
            Put(acts, s, at, "collect", VerbKind.Delivery, "take off your hands");
            return;
        }
        // "Put two aside for you", "keep the seats back for you".
        if (subject != Subject.You && (word is "put" or "set" or "lay" && s.Any(at, s.SegmentAt(at).End, Aside) || word is "keep" or "hold" && s.Word(s.SegmentAt(at).End - 1) is not "posted" && ForYou(s, at, s.SegmentAt(at).End)))
        {
            Put(acts, s, at, "reserve", VerbKind.Other, "put aside");
            return;
        }
        if (word is "call" && s.Word(at + 1) is "on" or "upon" && s.Word(at + 2) is "you" && subject != Subject.You)
        {
            Put(acts, s, at, "come", VerbKind.Visit, "call on you");
            return;
        }
        // "A credit will show on your next statement".
        if (word is "show" or "appear" or "reflect" or "land" or "hit" && subject == Subject.Thing && FirstNoun(s, s.SegmentAt(at).Start, will) is PromiseKind.Refund)
        {
            Put(acts, s, at, "refund", VerbKind.Refund, "will show on …");
            return;
        }
        // "Call at your house", "call round at the shop".
        if (word is "call" && s.Word(at + 1) is "at" && s.Word(at + 2) is "your" or "yours" or "the" && subject != Subject.You)
        {
            Put(acts, s, at, "come", VerbKind.Visit, "call at your …");
            return;
        }
        // "Knock the charge off your bill", "reverse the debit".
        if (subject != Subject.You && (word is "knock" or "take" && s.Any(at, s.SegmentAt(at).End, OffIt) || word is "reverse") && FirstNoun(s, at + 1, s.SegmentAt(at).End) is PromiseKind.Refund)
        {
            Put(acts, s, at, "refund", VerbKind.Refund, "take the charge off");
            return;
        }
        // "Take the old mattress away", "send Joe round".
        if (word is "take" or "haul" or "cart" && subject != Subject.You && s.Any(at + 1, s.SegmentAt(at).End, Away) && FirstNoun(s, at + 1, s.SegmentAt(at).End) is not PromiseKind.Refund)
        {
            Put(acts, s, at, "collect", VerbKind.Delivery, "take away");
            return;
        }
        if (word is "send" or "get" && subject != Subject.You && s.Tokens[Math.Min(at + 1, s.Count - 1)].Capital | Somebody(s, at + 1, at + 4) is not null && s.Any(at + 1, Math.Min(at + 6, s.SegmentAt(at).End), Round))
        {
            Put(acts, s, at, "come", VerbKind.Visit, "send somebody round");
            return;
        }
        if (word is "pick" && s.Word(at + 1) is "up" or "it" or "the" or "your" or "them" && subject != Subject.You)
        {
            Put(acts, s, at, "collect", VerbKind.Delivery, "pick up");
            return;
        }
        if (word is "leave" or "go")
        {
            if (subject == Subject.Thing && FirstNoun(s, s.SegmentAt(at).Start, at) is { } leaving)
                Put(acts, s, at, "leave", leaving is PromiseKind.Delivery ? VerbKind.Delivery : VerbKind.Send, "will leave");
            else if (subject == Subject.Ours && word == "leave" && FirstNoun(s, at, at + 4) is { })
                Put(acts, s, at, "leave", VerbKind.Light, "will leave a …");
            else if (subject == Subject.Thing && s.Word(at + 1) is not ("up" or "down" or "through" or "live" or "ahead" or "away" or "off"))
                Put(acts, s, at, "leave", VerbKind.Delivery, "will leave", needsTime: true);
            else if (s.Word(at + 1) is "out" or "in" && s.Word(will - 1) == "it")
                Put(acts, s, at, "leave", VerbKind.Delivery, "will go out");
            return;
        }
        if (subject != Subject.You && ((word is "pop" or "nip" or "stop" or "swing" or "drop" or "head" or "drive" or "call") && s.Word(at + 1) is "by" or "in" or "round" or "around" or "over" or "out" && !(word == "call" && s.Word(at + 1) is "over" or "out") && s.Word(at + 2) is not ("the" or "a") || word == "turn" && s.Word(at + 1) == "up"))
        {
            Put(acts, s, at, "come", VerbKind.Come, "come by");
            return;
        }
        if (word is "pass" && subject != Subject.You)
        {
            for (var i = at + 1; i <= at + 4; i++)
                if (s.IsFree(i) && s.Word(i) is "on" or "along")
                {
                    Put(acts, s, at, "pass on", VerbKind.Other, "pass on");
                    return;
                }
        }
        if (word is "drop" && subject != Subject.You && (s.Word(at + 3) is "line" or "note" or "message"))
        {
            Put(acts, s, at, "answer", VerbKind.Answer, "drop a line");
            return;
        }
        if (word is "bring" or "drop" && subject != Subject.You)
        {
            Put(acts, s, at, word == "drop" && s.Word(at + 1) is "by" or "in" ? "come" : "bring", s.Word(at + 1) is "by" ? VerbKind.Visit : FirstNoun(s, at + 1, s.SegmentAt(at).End) is PromiseKind.Answer ? VerbKind.Answer : VerbKind.Delivery, "bring");
            return;
        }
        if (word is "pay" && subject != Subject.You)
        {
            Put(acts, s, at, "pay", s.Word(at + 2) is "visit" || s.Word(at + 3) is "visit" ? VerbKind.Visit : VerbKind.Refund, "pay");
            return;
        }
        if (word is "give" && subject != Subject.You)
        {
            for (var i = at + 2; i <= at + 4; i++)
                if (s.Word(i) is "bell" or "ring" or "buzz" or "shout" or "tinkle" or "call" or "phone" && s.Word(i - 1) is "a" or "quick")
                {
                    Put(acts, s, at, "call", VerbKind.Call, "give a ring");
                    return;
                }
            Put(acts, s, at, "give", VerbKind.Light, "give");
            return;
        }
        if (word is "return" or "put" or "follow" or "turn" or "speak" or "talk" or "meet" && subject != Subject.You)
        {
            var back = word switch
            {
                "return" => FirstNoun(s, at + 1, s.SegmentAt(at).End) is { } what ? what == PromiseKind.Call ? VerbKind.Call : what == PromiseKind.Refund ? VerbKind.Refund : VerbKind.Delivery : VerbKind.Delivery,
                "put" when IntoPlace(s, at, s.SegmentAt(at).End) is { } into => into,
                "put" => FirstNoun(s, at + 1, s.SegmentAt(at).End) is PromiseKind.Delivery || s.Any(at, s.SegmentAt(at).End, Set("post")) ? VerbKind.Delivery : VerbKind.Other,
                "follow" when s.Word(at + 1) == "up" => VerbKind.Answer,
                "speak" or "talk" when s.Word(at + 1) is "to" or "with" && s.Word(at + 2) == "you" => VerbKind.Call,
                "meet" => VerbKind.Visit,
                "speak" or "talk" => VerbKind.Check,
                _ => VerbKind.Other,
            };
            Put(acts, s, at, word, back, word);
            return;
        }
        if (Find(s, at, VerbForm.Infinitive) is { } verb)
        {
            if (verb.Kind == VerbKind.Stop)
                return;
            if (subject == Subject.You)
            {
                if (verb.Kind == VerbKind.Get && !FromStranger(s, at))
                    Act(s, at, verb, acts, "you will receive");
                return;
            }
            if (subject == Subject.Thing && verb.Kind is VerbKind.Light)
                return;
            // "This will take two days", "It will take a week": how long is not what.
            if (verb.Verb == "take" && subject == Subject.Thing)
                return;
            if (verb.Kind == VerbKind.Get && subject != Subject.Ours)
                return;
            if (IntoPlace(s, at, s.SegmentAt(at).End) is { } put)
            {
                Put(acts, s, at, verb.Verb, put, "will put into …");
                return;
            }
            Act(s, at, verb, acts, "will");
            return;
        }
        if (subject == Subject.Ours && IntoPlace(s, at, s.SegmentAt(at).End) is { } there)
        {
            Put(acts, s, at, word, there, "will put into …");
            return;
        }
        // A verb that no table knows, with us before it, is an act all the same.
        if ((subject == Subject.Ours || subject == Subject.Thing && s.Word(at + 1) is "you" or "your" or "the" or "it" or "this" or "these" or "that" or "them" && s.Any(s.SegmentAt(will).Start, will, Own)) && s.Tokens[at].IsWord && word.Length > 2 && s.IsFree(at) && !Doubts.Contains(word) && word is not ("the" or "you" or "your" or "this" or "that"))
            Put(acts, s, at, word, s.Word(at + 1) is "over" or "across" && subject == Subject.Ours || s.Word(at + 1) == "you" && s.Word(at + 2) is "a" or "an" or "the" or "your" or "our" or "my" or "over" or "across" or "through" ? VerbKind.Send : ToYou(s, at, s.SegmentAt(at).End) ? VerbKind.Send : VerbKind.Other, "will, verb not in the tables");
    }

    static readonly HashSet<string> Until = Set("until till aside");
    static readonly HashSet<string> OffIt = Set("off");
    static readonly HashSet<string> Away = Set("away");
    static readonly HashSet<string> Round = Set("round around over out");
    static readonly HashSet<string> Rings = Set("bell ring buzz tinkle");
    static readonly HashSet<string> Looks = Set("look measurements readings gander squiz peek photos measure");
    static readonly HashSet<string> Hands = Set("hands");
    static readonly HashSet<string> Aside = Set("aside");

    static bool ForYou(SentenceView s, int from, int to)
    {
        for (var i = from + 1; i < to; i++)
            if (s.Word(i) is "you" or "your" && s.Word(i - 1) is "for" or "under" or "in")
                return true;
        return false;
    }

    static readonly HashSet<string> ByPhone = Set("phone telephone");
    static readonly HashSet<string> Homes = Set("house home flat apartment place premises property site door");

    // "Someone", "an engineer": the last word of who is meant.
    static int? Somebody(SentenceView s, int from, int to)
    {
        for (var i = from; i < Math.Min(to, s.Count); i++)
            if (s.Word(i) is "someone" or "somebody" or "colleague" || IsPerson(s.Word(i)) && s.IsFree(i))
                return i;
        return null;
    }

    /// <summary>"Over to you", "in your hands": where something is brought.</summary>
    static bool ToYou(SentenceView s, int from, int to)
    {
        for (var i = from + 1; i < to; i++)
            if (s.Word(i - 1) is "to" or "with" or "across" or "at" && (s.Word(i) is "you" or "yours" && s.Word(i + 1) is not "to" || s.Word(i) == "your" && s.Word(i + 1) is "door" or "house" or "home" or "address" or "office" or "site" or "place" or "hotel" or "room" or "desk" or "doorstep"))
                return true;
        return false;
    }

    /// <summary>"Pop it in the post", "put it back on your card".</summary>
    static VerbKind? IntoPlace(SentenceView s, int at, int to) => s.Word(at) is "pop" or "popping" or "popped" or "put" or "putting" or "stick" or "sticking" or "stuck" or "drop" or "dropping" or "dropped" or "chuck" or "chucking" or "bung" or "bunging" or "slip" or "slipping" or "sling" or "load" or "loading" or "get" or "getting" or "place" or "placed" or "placing" or "leave" or "leaving" or "left" ? Place(s, at, to) switch
    {
        PromiseKind.Delivery => (VerbKind?)VerbKind.Delivery,
        PromiseKind.Refund => VerbKind.Refund,
        PromiseKind.Answer => VerbKind.Answer,
        _ => s.Any(at, to, AtDoor) ? VerbKind.Delivery : (VerbKind?)null,
    } : null;

    static readonly HashSet<string> AtDoor = Set("door gate doorstep porch hallway driveway");

    /// <summary>"You will receive it from the department", which is not us.</summary>
    bool FromStranger(SentenceView s, int at)
    {
        for (var i = at + 1; i < s.SegmentAt(at).End - 1; i++)
            if (s.IsFree(i) && s.Word(i) is "from" or "by" && (s.Word(i + 1) is "them" or "him" or "her" || s.Any(i + 1, Math.Min(i + 4, s.SegmentAt(at).End), Strangers) || s.Word(i + 1) == "the" && s.Word(i + 2) is "department" or "ministry" or "agency" or "council" or "court" or "embassy" or "council" or "registry" or "maker" or "seller" or "publisher" or "network" or "airline" or "carrier" or "tax" or "state" or "city" or "school" or "university" or "hospital"))
                return true;
        return false;
    }

    void Act(SentenceView s, int at, VerbEntry verb, List<Act> acts, string reason, bool shares = false, bool needsTime = false)
    {
        var kind = verb.Kind;
        var name = verb.Verb;
        if (name is "call" or "ring" or "phone" or "telephone") name = "call";
        if (name is "revert" && s.Word(at + 1) is not ("the" or "your" or "it" or "this" or "that" or "these" or "them" or "all")) (name, kind) = ("answer", VerbKind.Answer);
        // "send somebody", "report back"; "come and collect"
        if (shares && name is "get" && s.Word(at + 1) == "back") (name, kind) = ("answer", VerbKind.Answer);
        else if (shares && name is "let" && s.Word(at + 2) == "know" || shares && name == "keep" && s.Word(at + 2) is "posted" or "informed" or "updated") (name, kind) = ("answer", VerbKind.Answer);
        else if (shares && name is "return") kind = VerbKind.Delivery;
        else if (name == "look" && s.Word(at + 1) == "forward") return;
        if (kind == VerbKind.Check && name is "find" && s.Word(at + 1) is not "out") kind = VerbKind.Other;
        if (name == "update" && s.Word(at + 1) is not "you" and not "them") kind = VerbKind.Other;
        if (kind == VerbKind.Answer && name == "contact" && s.Word(at + 1) is not ("you" or "your") && s.Word(at - 1) is not ("be" or "been")) kind = VerbKind.Check;
        if (name is "forward" or "hand" && FirstNoun(s, at + 1, s.SegmentAt(at).End) is null) kind = name == "hand" && FirstNoun(s, s.SegmentAt(at).Start, at) is PromiseKind.Delivery ? VerbKind.Delivery : FirstNoun(s, s.SegmentAt(at).Start, at) is PromiseKind.Answer ? VerbKind.Answer : VerbKind.Other;
        // Money is transferred; a case is passed on.
        if (name == "transfer" && FirstNoun(s, at + 1, s.SegmentAt(at).End) is not PromiseKind.Refund && FirstNoun(s, s.SegmentAt(at).Start, at) is not PromiseKind.Refund) kind = VerbKind.Other;
        Put(acts, s, at, name, kind, reason, shares, needsTime);
    }

    static void Put(List<Act> acts, SentenceView s, int at, string name, VerbKind kind, string reason, bool shares = false, bool needsTime = false)
    {
        if (s.IsFree(at))
            acts.Add(new() { Verb = at, Name = name, Kind = kind, Reason = reason, Shares = shares, NeedsTime = needsTime });
    }

    public override PromiseKind? KindOf(SentenceView s, Act act)
    {
        for (var i = act.Verb + 1; i < act.End; i++)
        {
            // "You'll hear from me by phone": called, and not written.
            if (act.Kind == VerbKind.Answer && act.Name == "answer" && s.Word(i) is "by" or "over" or "on" && (ByPhone.Contains(s.Word(i + 1)) || s.Word(i + 1) == "the" && ByPhone.Contains(s.Word(i + 2))))
                return PromiseKind.Call;
            if (act.Name is "speak" or "talk" or "discuss" or "walk" or "go through" && ByPhone.Contains(s.Word(i)))
                return PromiseKind.Call;
            // What is done where the customer is, is done by somebody who comes.
            if (act.Kind == VerbKind.Other && act.Name != "collect" && s.Word(i) is "at" && s.Word(i + 1) == "your" && Homes.Contains(s.Word(i + 2)))
                return PromiseKind.Visit;
        }
        // Whatever is done with it, it comes to the customer: "the report will be scanned over to you".
        if (act.Kind is VerbKind.Other && act.Reason is "will be …ed" or "will be …ed, verb not in the tables" or "is being …ed" && (ToYou(s, act.Verb, act.End) || Place(s, act.Verb, act.End) is not null) && FirstNoun(s, act.Start, act.Verb) is { } thing and (PromiseKind.Answer or PromiseKind.Delivery or PromiseKind.Refund))
            return thing;
        // The driver who calls by brings something.
        if (act is { Kind: VerbKind.Visit, Reason: "third person with a time" } && FirstNoun(s, act.Start, act.Verb) is PromiseKind.Delivery)
            return PromiseKind.Delivery;
        // "Taken off your next bill", "set against the next invoice".
        if (act.Kind is VerbKind.Other or VerbKind.Answer or VerbKind.Send && act.Name is not "answer")
            for (var i = act.Verb + 1; i < act.End - 1; i++)
                if (s.Word(i) is "off" or "against" or "from" && s.Word(i + 1) is "your" or "the" && (s.Word(i + 2) is "bill" or "invoice" or "total" || s.Word(i + 2) is "next" && s.Word(i + 3) is "bill" or "invoice" or "statement" or "payment" or "instalment" or "direct"))
                    return PromiseKind.Refund;
        if (act.Name is "reverse" && (FirstNoun(s, act.Verb + 1, act.End) ?? FirstNoun(s, act.Start, act.Verb)) is PromiseKind.Refund)
            return PromiseKind.Refund;
        // By mail or page it is an answer, whatever it is.
        if (act.Kind is VerbKind.Send or VerbKind.Light or VerbKind.Get)
            for (var i = act.Verb + 1; i < act.End; i++)
                if (s.Word(i) is "by" or "via" && s.Word(i + 1) is "email" or "e-mail" or "mail" or "text" or "sms" or "whatsapp")
                    return s.Word(i + 1) == "mail" && FirstNoun(s, act.Verb + 1, i) == PromiseKind.Delivery ? PromiseKind.Delivery : PromiseKind.Answer;
        if (act.Kind == VerbKind.Delivery && act.Name is "deliver" or "post" or "dispatch" or "leave" && (FirstNoun(s, act.Verb + 1, act.End) ?? FirstNoun(s, act.Start, act.Verb)) == PromiseKind.Answer)
            return PromiseKind.Answer;
        if (act.Kind is VerbKind.Come or VerbKind.Send or VerbKind.Get && Place(s, act.Verb + 1, act.End) is { } place && place != PromiseKind.Delivery)
            return FirstNoun(s, act.Start, act.Verb) is { } lead && lead is PromiseKind.Refund or PromiseKind.Other ? FirstNoun(s, act.Start, act.Verb) : place;
        // Somebody comes, whatever the door or the parts they bring.
        if (act.Kind == VerbKind.Come && !FetchesToo(s, act))
            for (var i = act.Start; i < act.Verb; i++)
                if (s.IsFree(i) && (s.Word(i) is "i" or "we" or "he" or "she" or "someone" or "somebody" or "mr" or "mrs" or "ms" or "colleague" || IsPerson(s.Word(i)) && Noun(s, i) is null && s.Word(i - 1) is "our" or "a" or "the" or "of"))
                    return PromiseKind.Visit;
        return base.KindOf(s, act);
    }

    protected override bool FetchesToo(SentenceView s, Act act)
    {
        for (var i = act.Verb + 1; i < Math.Min(act.End + 3, act.Verb + 12); i++)
            if (s.Word(i) is "collect" || s.Word(i) == "pick" && s.Word(i + 1) is "up" or "it")
                return true;
        return false;
    }

    protected override PromiseKind ComesAlone(SentenceView s, Act act)
    {
        for (var i = act.Verb - 1; i >= act.Start; i--)
            if (s.Word(i) is "it" or "that" or "this" or "your" or "replacement" or "new" or "spare" || s.Word(i) == "one" && s.Word(i + 1) != "of")
                return PromiseKind.Delivery;
        // "The marquee is with you on Friday": a thing that no table knows, where nobody by trade or name stands.
        for (var i = act.Start; i < act.Verb - 1; i++)
            if (s.Word(i) is "the" && s.IsFree(i + 1) && !s.Tokens[i + 1].Capital && !IsPerson(s.Word(i + 1)) && !IsPerson(s.Word(i + 2)) && !Own.Contains(s.Word(i + 1)))
                return PromiseKind.Delivery;
        return PromiseKind.Visit;
    }

    // Of nouns in a row the last one is meant: "the fixture list", "a refund form".
    protected override PromiseKind? FirstNoun(SentenceView s, int from, int to)
    {
        for (var i = Math.Max(0, from); i < Math.Min(to, s.Count); i++)
            if (Noun(s, i) is { } kind)
            {
                while (i + 1 < Math.Min(to, s.Count) && s.IsFree(i + 1) && VerbsAt(s, i + 1).Length == 0 && Noun(s, i + 1) is { } head)
                    (kind, i) = (head, i + 1);
                return kind;
            }
        return null;
    }

    // A plural, or the last part of a word with a hyphen: "spark-plugs", "reading-lists".
    protected override PromiseKind? NounPart(SentenceView s, int at)
    {
        var word = s.Word(at);
        if (word.LastIndexOf('-') is > 1 and var cut && IsNoun(word[(cut + 1)..], out var kind))
            return kind;
        return word is { Length: > 4 } && word.EndsWith('s') && s.Word(at - 1) is "the" or "your" or "new" or "missing" or "right" or "all" or "both" && IsNoun(word[..^1], out kind) ? kind : null;
    }
}
