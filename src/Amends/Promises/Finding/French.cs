namespace Amends.Promises.Finding;

/// <summary>French: "nous vous rappellerons", "on vous rappelle demain", "nous allons vous envoyer", "vous recevrez".</summary>
sealed class French : Romance
{
    const string TimeTable = """
        Day 0: aujourd'hui | aujourd' hui | d'aujourd'hui | d' aujourd'hui | dès aujourd'hui | aujourd'hui même | dans le courant de la journée | courant de journée | au cours de la journée | dans la journée | le jour même | ce jour | en cours de journée
        Day 1: demain | dès demain | le lendemain
        Day 2: après-demain | après demain | dès après-demain | surlendemain
        Past: hier | avant-hier | la semaine dernière | semaine dernière | dernier | dernière | mois dernier
        Weekday 1: lundi | lun
        Weekday 2: mardi
        Weekday 3: mercredi
        Weekday 4: jeudi | jeu
        Weekday 5: vendredi | ven
        Weekday 6: samedi | sam
        Weekday 7: dimanche
        Part Morning: matin | avant-midi | en avant-midi | dans l' avant-midi | matinée | fin de matinée | début de matinée | milieu de matinée | tôt le matin | de bonne heure | dès la première heure | ouverture | ce matin même | ce matin | dans la matinée | en matinée | à la première heure | première heure | du matin
        Part Noon: midi | la mi-journée | mi-journée | le déjeuner | déjeuner | heure du déjeuner | pause déjeuner
        Part Afternoon: après-midi | cet après-midi | dans l' après-midi | l' après-midi | de l' après-midi | début d' après-midi | fin d' après-midi | aprem | cet aprem | milieu d' après-midi | courant d' après-midi | après midi | cet après midi | aprèm
        Part Evening: soir | soirée | début de soirée | fin de soirée | ce soir même | ce soir | dans la soirée | du soir | la nuit
        Part End: fin de journée | fin de la journée | la fin de la journée | la fin de journée | ce jour fin de journée | la fermeture | la clôture | fermeture des bureaux
        Part Midnight: minuit
        Number 1: un | une
        Number 2: deux
        Number 3: trois
        Number 4: quatre
        Number 5: cinq
        Number 6: six
        Number 7: sept
        Number 8: huit
        Number 9: neuf
        Number 10: dix
        Number 11: onze
        Number 12: douze
        Number 13: treize
        Number 14: quatorze
        Number 15: quinze
        Number 16: seize
        Number 17: dix-sept
        Number 18: dix-huit
        Number 19: dix-neuf
        Number 20: vingt
        Number 21: vingt-et-un
        Number 22: vingt-deux
        Number 25: vingt-cinq
        Number 35: trente-cinq
        Number 40: quarante
        Number 50: cinquante
        Number 60: soixante
        Number 90: quatre-vingt-dix
        Number 24: vingt-quatre
        Number 30: trente
        Number 45: quarante-cinq
        Number 48: quarante-huit
        Number 72: soixante-douze
        Half+Hour 0: une demi-heure | une petite demi-heure | une bonne demi-heure | la demi-heure
        Half 0: une demi | demi
        PlusMinutes 30: et demie | et demi
        PlusMinutes 15: et quart
        PlusMinutes -15: moins le quart
        Unit Minute: minute | minutes | min | mn
        Unit QuarterHour: quart d' heure | quart d'heure | quarts d' heure
        Unit+Hour Hour: heure | heures | petite heure | bonne heure
        Unit Day: jour | jours | jours calendaires
        Unit WorkingDay: jour ouvré | jours ouvrés | jour ouvrable | jours ouvrables | jours travaillés | jour de travail | jours de travail | jours bancaires
        Unit Week: semaine | semaines
        Unit Eight: huitaine
        Unit Fortnight: quinzaine
        Unit Month: mois
        Unit Quarter: trimestre
        Unit Year: année | an | ans
        Working: ouvrés | ouvrables | ouvré | ouvrable | ouvrées
        MonthName 1: janvier | janv
        MonthName 2: février | févr | fév
        MonthName 3: mars
        MonthName 4: avril | avr
        MonthName 5: mai
        MonthName 6: juin
        MonthName 7: juillet | juil
        MonthName 8: août
        MonthName 9: septembre | sept
        MonthName 10: octobre | oct
        MonthName 11: novembre | nov
        MonthName 12: décembre | déc
        Weekend: week-end | weekend | fin de semaine prolongée
        Next 1: prochain | prochaine | prochains | prochaines | suivant | suivante
        Coming: qui vient | à venir | qui viennent | qui arrive
        This: cette | ce | cet | cette même | courant
        End: fin | fin de | fin du | la fin de | la fin du | la fin
        Start: début | début de | le début de | tout début
        Middle: mi | milieu | le milieu de | courant du
        Before: avant | avant le | avant la
        By: d' ici | d' ici à | d' ici au | jusqu'à | jusqu'au | jusqu' au | jusqu' à | au plus tard | au plus tard le | pour | pour le | pas plus tard que | d' ici le | d' ici la | le plus tard | au plus tard au | au plus tard à | d' ici à la | jusqu' à la
        Within: d' ici | d' ici à | dans | sous | en | dans un délai de | dans un délai maximum de | dans un délai maximal de | dans le délai de | d' ici au plus | sous un délai de | en moins de | dans les | dans le délai d' | sous les | dans un maximum de | en | dans à peine | au cours des | dans environ | d' ici environ | dans un délai de maximum | au cours de | endéans | dans moins de | dans un délai d'
        To: à | et | ou | au | -
        At: à | vers | aux alentours de | autour de | aux environs de
        After: après | à partir de | à compter de | à partir du | à compter du | à partir d'
        From: entre | de | du
        Of: de | du | d' | depuis | daté du
        Filler: le | la | même | petite | bonne | prochaines | les | l' | au | à | en | ce | dans | du | de | dès | les | courant | cours | un | d' | ne serait-ce | encore | environ | au cours de | plein
        Hour: h | heures pile
        Am: am
        Pm: pm
        """;

    const string NounTable = """
        Call: appel coup appels téléphone bigo rappel
        Answer: bail baux carnet pdf vidéo vidéos film enregistrement notification notifications position convocation accord avenant duplicata version scan numérisation synthèse résumé extrait brouillon lettre missive ordonnance note notes mémo décompte échéancier planning calendrier programme grille livret modèle traduction conditions reçu code codes accès identifiant référence références coordonnées constat procès mandat annexe annexes étude verdict diagnostic précision précisions réponses commentaire commentaires visuel visuels image images capture captures fichier fichiers tracé épreuve bon-à-tirer simulation chiffrage cotation expertise compte-rendus duplicatas autorisation agrément arrêté décisions avis-d'échéance échantillonnage solution solutions numéro mode-d'emploi recette consignes-de-tri adresse pdf fax procès-verbal compte plan plans croquis maquette proposition relevé relevés justificatif justificatifs certificat acte factures estimation analyse analyses résultats radios catalogue tarif tarifs prix brochure fiche bulletin quittance photos photo horaires détail avis conclusions bons réponse message nouvelles mail mails e-mail email courriel courriels lien confirmation devis facture contrat rapport document documents information informations infos détails compte-rendu courrier courant offre étiquette formulaire explication état point sms copie résultat attestation identifiants code décision bilan récapitulatif suivi bon notice guide liste bordereau
        Refund: consigne franchise trop-versé bonus prime mensualité remise rabais dépôt loyer majoration surplus excédent liquide monnaie francs chf eur cad euros euro € francs dollars $ trop-perçu différence solde régularisation dédommagement indemnisation indemnité acompte provision cotisation cotisations arrhes pénalité compensation ristourne remboursement argent montant avoir somme virement crédit frais caution
        Visit: plongeur ouvrier dame monsieur gars frère cousin neveu fils beau-frère mari patron patronne apprenti apprentie stagiaire coiffeuse esthéticienne masseur podologue sage-femme orthophoniste notaire huissier animateur professeur prof accordeur luthier frigoriste ascensoriste coloriste gardien gardienne concierge maître-nageur pisciniste vitrière serrurière dépanneuse brigade hygiéniste traiteur photographe garagiste électro-mécanicien veilleur pharmacien pharmacienne responsable gérant gérante technico-commercial dame binôme équipier équipiers rendez-vous techniciens couvreur jardinier jardinière peintre menuisier ébéniste charpentier vitrier maçon carreleur plaquiste architecte géomètre vétérinaire infirmière infirmier médecin kiné ramoneur dératiseur désinsectiseur chauffagiste plombière équipe équipes collègue collègues conseiller conseillère commercial commerciale inspecteur inspectrice artisan artisans ouvrier ouvriers contremaître poseur poseurs monteur monteurs installatrice élagueur paysagiste agent agents déménageurs formateur formatrice aide-soignante électriciens mécanicien mécanicienne diagnostiqueur responsable directrice directeur assistante assistant inspection tapissier technicien technicienne installateur plombier électricien visite intervention réparateur dépanneur expert serrurier ingénieur
        Delivery: classeur classeurs terreau œufs oeufs fromage lait pain pains baguettes croissants pizza pizzas repas plateau plateaux menu menus sacs pot pots plants arbuste arbustes sapin bulbes graines semences croquettes aliment aliments laisse cage aquarium poussins ruche miel confiture confitures champagne bouteilles fût fûts caissettes cagette cagettes courses doudou peluche puzzle déguisement perruque chapeau écharpe pull veste gants lingerie collier bracelet bague boucles bijou bijoux alliance alliances badge badges clef clefs télécommandes bip cadenas rallonge ampoule ampoules lampes lustre miroir cadre cadres tirage tirages album calendriers agenda cahier cahiers manuel manuels stylo stylos timbres monnaie-du-pape lame lames scie perceuse tondeuse tronçonneuse échafaudage bâche bâches tente chapiteau tables bancs sono micro micros câbles disjoncteur thermostat sonde joint joints courroie plaquettes disque disques amortisseur pare-brise pare-chocs rétroviseur phare phares batteries réactifs fournitures rames échantillon prélèvements lentilles attelle orthèse semelles déambulateur lit-médicalisé oxygène vaccin vaccins pilules traitement bagagerie malle malles sommier traversin couette oreiller oreillers draps drap nappe nappes serviettes linge costumes robes bottines baskets maillot maillots ballon ballons raquette skis ski planche casques sellerie selle carrosse remorque caravane tracteur matelas lit armoire étagère commode chaudière lave-vaisselle congélateur four sèche-linge grille-pain mixeur tablette écran clavier souris casque enceinte télé console appareil-photo lunettes verres monture montre robe costume manteau chemise pantalon chaussures bottes sac valise bagage bagages jouet jouets instrument guitare piano violon pneu pneus roue roues frein vélo scooter poussette plante plantes fleurs bouquet couronne gâteau gâteaux vin bière viande poisson huîtres panier paniers légumes terre sable gravier carrelage bois panneau porte portes fenêtre fenêtres rideau rideaux store volet tapis peinture robinet lavabo douche pompe radiateur compteur citerne bouteille tuyau cartouche toner papier passeport permis médicament médicaments comprimés prothèse béquilles fauteuil uniforme trophée affiches flyers dépliants faire-part invitations enveloppes carton cartons caisse caisses benne conteneur camion chargement marchandises stock moteur carte-mère capteur alarme serrure outil outils kit véhicule voiture moto ordinateur portable billets tableau échantillons palette palettes exemplaire exemplaires livres vitre vitrage parquet canapés chaises meubles ouvrage ouvrages granulés bûches fioul colis paquet livraison appareil commande remplacement pièce pièces article articles chargeur bouilloire table frigo cadeau livreur chauffeur coursier retour expédition produit produits échange machine vis câble carte clé lampe imprimante chaise canapé filtre batterie livre envoi réfrigérateur enlèvement échantillon routeur modem box transporteur marchandise meuble téléviseur télécommande adaptateur lave-linge
        """;

    // What a verb promises beside certain words. Read by Romance.
    const string IdiomTable = """
        Call: passer/donner/lâcher/filer coup_de_fil/coup_de_téléphone/coup_de_bigo/petit_coup_de_fil/appel | décrocher/prendre téléphone | parler/discuter téléphone/vive_voix | contacter/recontacter/expliquer/dire vive_voix/téléphone | avoir au_téléphone/en_ligne
        Visit: faire saut/crochet/détour/un_tour_chez/passage/visite/déplacement | monter/descendre voir/constater/vérifier | envoyer/dépêcher >quelqu'un/quelqu' | caler/booker technicien/technicienne/dépanneur/plombier/installateur $Visit
        Delivery: mettre/remettre/glisser dans_la_boîte/dans_votre_boîte/dans_ta_boîte/à_la_poste/au_courrier/en_route/dans_le_camion/sur_le_camion/dans_le_colis | passer prendre/chercher/récupérer | faire livraison/envoi/expédition/livrer | finish retirer/retirées/retirés/retirée/retiré/récupérer/récupérées/récupérés/récupérée/récupéré/retrait/enlèvement/livrer | finish disponible/disponibles/disposition $Delivery | débarrasser ancien/ancienne/anciens/vieux/vieille/gravats/encombrants/$Delivery
        Refund: finish avoir/remboursement/virement/chèque/$Refund | libérer/débloquer $Refund/caution/dépôt | faire virement/avoir/remise/geste/remboursement/ristourne/note_de_crédit/rabais/chèque | passer/établir/éditer/générer avoir | enlever/retirer/ôter >euros/€/francs/dollars | prendre à_notre_charge/à_ma_charge | mettre/remettre >argent/somme/montant/crédit | mettre/remettre >$Refund compte/carte
        Answer: finish disponible/disposition/en_ligne $Answer | avoir/recevoir retour_de_ma_part/retour_de_notre_part/retour_de_nous/retour_rapide | mettre mot/message/mail/en_copie/au_courant/au_parfum/par_écrit | donner date/numéro/heure/créneau/nouvelles/info/infos/détails/détail/explications/explication/suite_par/retour/réponse | faire point/savoir/compte-rendu/retour/signe/réponse | prendre/reprendre contact | envoyer/adresser mot/message/courrier/mail/texto/sms | remonter réponse/infos/informations | tirer au_clair_par | passer message/info/infos/infos/devis/numéro/numéros/chiffres/coordonnées/détails
        Other: prendre en_main/mesures/dispositions/soin | mettre de_côté/à_jour/en_attente/en_service/en_place/en_relation/fin | donner suite/accès/priorité | faire nécessaire/changement/correction/réparation/modification/démarches/mise_à_jour/travaux/réglage | ouvrir ticket/dossier/réclamation/incident | passer commande/dossier/demande | garder place/table | remettre en_service/en_ordre/en_état/à_jour | monter dossier
        None: faire plaisir/confiance/partie/erreur/appel_à | prendre plaisir/temps/note | rester disposition | avoir besoin/raison/droit/jusqu'/hâte/plaisir/conscience | donner satisfaction/raison | mettre tout_en_œuvre/tout_en_oeuvre | tenir à_vous/à_nous | présenter excuses
        """;

    // infinitive[:future stem[:je[:nous[:participle]]]]; what is left out is regular.
    static readonly (VerbKind Kind, string Verbs)[] VerbTable =
    [
        (VerbKind.Call, "tuber retéléphoner sonner biper bigophoner appeler:appeller:appelle:appelons rappeler:rappeller:rappelle:rappelons téléphoner joindre:joindr:joins:joignons:joint"),
        (VerbKind.Answer, "partager raconter redire:redir:redis:redisons:redit scanner répercuter relater signifier énoncer clarifier éclairer orienter whatsapper indiquer renseigner préciser dire:dir:dis:disons:dit mailer faxer texter expliquer détailler montrer répondre:répondr:réponds:répondons:répondu écrire:écrir:écris:écrivons:écrit informer prévenir:préviendr:préviens:prévenons:prévenu aviser notifier contacter recontacter confirmer communiquer avertir réécrire:réécrir:réécris:réécrivons:réécrit"),
        (VerbKind.Visit, "dépêcher expertiser visiter déplacer"),
        (VerbKind.Delivery, "débarrasser rapatrier remporter redescendre:redescendr:redescends:redescendons:redescendu redonner ravitailler réapprovisionner approvisionner amener ramener:ramèner:ramène:ramenons rapporter emporter emmener:emmèner:emmène:emmenons descendre:descendr:descends:descendons:descendu relivrer transporter convoyer distribuer embarquer décharger livrer renvoyer:renverr:renvoie:renvoyons enlever:enlèver:enlève:enlevons récupérer:récupérer:récupère:récupérons collecter acheminer déposer chercher prendre:prendr:prends:prenons:pris reprendre:reprendr:reprends:reprenons:repris ramasser apporter redéposer retirer"),
        (VerbKind.Refund, "imputer déduire:déduir:déduis:déduisons:déduit décompter ristourner extourner recréditer rétribuer bonifier reverser rétrocéder:rétrocéder:rétrocède:rétrocédons indemniser virer payer:paier:paie:payons rétribuer défrayer rembourser créditer verser restituer recréditer dédommager"),
        (VerbKind.Send, "filer balancer refiler repartir:repartir:repars:repartons:reparti transmettre:transmettr:transmets:transmettons:transmis expédier réexpédier transférer:transférer:transfère:transférons glisser refaxer diffuser publier poster délivrer procurer retourner confier envoyer:enverr:envoie:envoyons adresser faxer parvenir:parviendr:parviens:parvenons:parvenu partir:partir:pars:partons:parti quitter remettre:remettr:remets:remettons:remis fournir sortir:sortir:sors:sortons:sorti"),
        (VerbKind.Get, "recevoir:recevr:reçois:recevons:reçu obtenir:obtiendr:obtiens:obtenons:obtenu"),
        (VerbKind.Light, "avoir:aur:ai:avons:eu donner tenir:tiendr:tiens:tenons:tenu faire:fer:fais:faisons:fait rendre:rendr:rends:rendons:rendu laisser disposer"),
        (VerbKind.Arrange, "ordonner enclencher rédiger éditer imprimer fabriquer dresser réaliser entamer finaliser terminer achever:achèver:achève:achevons boucler exécuter démarrer commencer traiter effectuer organiser planifier programmer commander émettre:émettr:émets:émettons:émis préparer réserver procéder:procéder:procède:procédons lancer établir"),
        (VerbKind.Come, "tomber retomber atterrir figurer regagner apparaître:apparaîtr:apparais:apparaissons:apparu  débarquer présenter venir:viendr:viens:venons:venu passer arriver intervenir:interviendr:interviens:intervenons:intervenu"),
        (VerbKind.Check, "inspecter évaluer tester questionner éplucher investiguer diagnostiquer vérifier examiner étudier regarder:regarder rechercher analyser enquêter demander parler discuter consulter contrôler"),
        (VerbKind.Other, "lâcher déployer:déployer:déploie:déployons libérer:libérer:libère:libérons statuer décrocher caler booker garder conserver retenir:retiendr:retiens:retenons:retenu bloquer réinscrire:réinscrir:réinscris:réinscrivons:réinscrit déplafonner dédoubler basculer purifier lustrer cirer recadrer reconfigurer redresser rehausser repositionner réétalonner étalonner étanchéifier imperméabiliser jointoyer:jointoier:jointoie:jointoyons gainer rempoter planter arroser semer bouturer vacciner soigner opérer:opérer:opère:opérons stériliser toiletter coiffer épiler maquiller photographier filmer monter retoucher relier massicoter numériser archiver détruire:détruir:détruis:détruisons:détruit effacer expurger anonymiser blanchir javelliser pressuriser regonfler gonfler équilibrer permuter déverrouiller cadenasser blinder murer abriter loger reloger héberger:héberger:héberge:hébergeons accueillir:accueiller:accueille:accueillons:accueilli surclasser upgrader prioriser avaliser homologuer certifier signer viser parapher contresigner tamponner affranchir dédouaner couvrir:couvrir:couvre:couvrons:couvert offrir:offrir:offre:offrons:offert déclarer dénoncer saisir muter promouvoir:promouvr:promeus:promouvons:promu nommer désigner remplir approfondir creuser niveler drainer assécher:assécher:assèche:asséchons pomper évacuer déneiger saler sabler balayer:balaier:balaie:balayons déblayer:déblaier:déblaie:déblayons désherber désembouer dépolluer désamianter intervertir inverser recaler resynchroniser recompter reprogrammer décommander désabonner désinscrire:désinscrir:désinscris:désinscrivons:désinscrit délier défaire:défer:défais:défaisons:défait abattre:abattr:abats:abattons:abattu accorder actualiser affecter affûter ajuster aligner allonger appliquer aplanir arranger assembler attribuer augmenter broder brancher calibrer carreler classer coller colmater combler compléter:compléter:complète:complétons connecter consolider coudre:coudr:couds:cousons:cousu couper crépir curer débrancher déboucher décaler déclencher dégager démonter dépanner dératiser désinstaller désinfecter détartrer dévisser élaguer effacer élargir emballer encadrer enduire:enduir:enduis:enduisons:enduit exonérer façonner fixer fusionner goudronner graisser graver gommer inscrire:inscrir:inscris:inscrivons:inscrit insérer:insérer:insère:insérons intégrer:intégrer:intègre:intégrons isoler laver lever:lèver:lève:levons libérer:libérer:libère:libérons lisser migrer monter neutraliser ôter paramétrer:paramétrer:paramètre:paramétrons peindre:peindr:peins:peignons:peint plastifier poncer poser purger raboter raccommoder raccorder raccourcir radier rafraîchir rajouter rallonger ramoner reboucher recalculer recharger recoller recoudre:recoudr:recouds:recousons:recousu reconnecter recréer recharger redémarrer réduire:réduir:réduis:réduisons:réduit réenregistrer refaire:refer:refais:refaisons:refait refixer réimprimer reporter reprogrammer repeindre:repeindr:repeins:repeignons:repeint resserrer ressemeler restaurer réviser sabler saisir sceller sécuriser serrer signer souder synchroniser tailler tapisser tondre:tondr:tonds:tondons:tondu traduire:traduir:traduis:traduisons:traduit trier valider vernir verrouiller vidanger vider vitrer visser aménager consigner rattraper rebrancher remonter majorer mandater suspendre:suspendr:suspends:suspendons:suspendu avancer réparer corriger remplacer échanger annuler résilier modifier changer réinitialiser débloquer bloquer activer désactiver occuper résoudre:résoudr:résous:résolvons:résolu fermer clôturer supprimer installer rétablir:rétablir:rétablis:rétablissons:rétabli ajouter prolonger ouvrir:ouvrir:ouvre:ouvrons:ouvert régler:règler régulariser configurer mettre:mettr:mets:mettons:mis relancer nettoyer:nettoier:nettoie:nettoyons enregistrer rectifier escalader réactiver signaler prolonger renouveler:renouveller:renouvelle:renouvelons"),
        (VerbKind.Stop, "éviter permettre:permettr:permets:permettons:permis inviter proposer suggérer:suggérer:suggère:suggérons conseiller noter constater voir:verr:vois:voyons:vu comprendre:comprendr:comprends:comprenons:compris déplorer féliciter saluer assurer garantir:garantir:garantis:garantissons:garanti promettre:promettr:promets:promettons:promis engager:engager:engage:engageons prier connaître:connaîtr:connais:connaissons:connu reconnaître:reconnaîtr:reconnais:reconnaissons:reconnu avouer admettre:admettr:admets:admettons:admis ignorer douter imaginer supposer présumer estimer juger:juger:juge:jugeons trouver sembler paraître:paraîtr:parais:paraissons:paru vivre:vivr:vis:vivons:vécu mourir:mourr:meurs:mourons:mort dormir:dormir:dors:dormons:dormi travailler fonctionner marcher ouvrer figurer exister demeurer subsister bénéficier profiter mériter posséder:posséder:possède:possédons détenir:détiendr:détiens:détenons:détenu exiger:exiger:exige:exigeons requérir:requerr:requiers:requérons:requis nécessiter concerner dépendre:dépendr:dépends:dépendons:dépendu appartenir:appartiendr:appartiens:appartenons:appartenu convenir:conviendr:conviens:convenons:convenu correspondre:correspondr:corresponds:correspondons:correspondu rencontrer subir souffrir:souffrir:souffre:souffrons:souffert perdre:perdr:perds:perdons:perdu gagner apercevoir:apercevr:aperçois:apercevons:aperçu entendre:entendr:entends:entendons:entendu écouter lire:lir:lis:lisons:lu relire:relir:relis:relisons:relu servir:servir:sers:servons:servi suivre:suivr:suis:suivons:suivi poursuivre:poursuivr:poursuis:poursuivons:poursuivi accuser désoler navrer féliciter oublier souvenir:souviendr:souviens:souvenons:souvenu sentir:sentir:sens:sentons:senti craindre:craindr:crains:craignons:craint redouter envisager:envisager:envisage:envisageons prévoir:prévoir:prévois:prévoyons:prévu étonner réfléchir:réfléchir:réfléchis:réfléchissons:réfléchi hésiter refuser accepter facturer prélever:prélever:prélève:prélevons vendre:vendr:vends:vendons:vendu acheter:achèter:achète:achetons habiter fêter célébrer:célébrer:célèbre:célébrons valoir:vaudr:vaux:valons:valu pleuvoir:pleuvr:pleus:pleuvons:plu naître:naîtr:nais:naissons:né advenir:adviendr:adviens:advenons:advenu être:ser:suis:sommes:été espérer:espérer:espère:espérons essayer:essaier:essaie:essayons tenter pouvoir:pourr:peux:pouvons:pu devoir:devr:dois:devons:dû vouloir:voudr:veux:voulons:voulu savoir:saur:sais:savons:su souhaiter aider remercier regretter rester croire:croir:crois:croyons:cru penser compter tâcher efforcer attendre:attendr:attends:attendons:attendu continuer falloir:faudr excuser coûter durer besoin reverrer revenir:reviendr:reviens:revenons:revenu aimer apprécier réjouir:réjouir:réjouis:réjouissons:réjoui trouver"),
    ];

    public French() : base(TimeTable, NounTable,
        joins: "et mais ou puis donc",
        strangers: "mari épouse belle-mère fils médiateur gestionnaire parents élèves participants adhérents train avion vol ferry métro tramway postes colissimo chronopost relais mondial enedis edf engie grdf veolia sncf orange sfr bouygues ratp canada fedex amende douane douanes importateur grossiste constructeur marque usine copropriété gestionnaire-du-réseau rectorat académie caf cpam urssaf mutuelle juge avocat adverse greffe hôpital département région sénat ministre fabricants fournisseurs constructeurs assureurs mairies banques clients voisins leurs leur banque fabricant assurance assureur client voisin fournisseur police propriétaire concurrent gouvernement ministère microsoft google apple amazon paypal dhl ups fedex dpd gls visiteur syndic mairie prestataire tribunal météo préfecture",
        doubts: "serait seraient aurait auraient devrions devrais pourrions viendrait arriverait partirait livrerait enverrait imagine imaginons suppose supposons présume doute probable envisageons envisage visons vise ambitionnons hypothèse théorie logiquement sûrement sauf tenterons tenterai essaierons essaierai essayerons efforçons efforcerons efforcerai tâcherons tâcherai prévoit prévoyons comptons peut-être probablement espérons espère espérer normalement éventuellement vraisemblablement généralement habituellement idéalement crois croyons pense pensons devrait devraient pourrait pourraient mieux essayer tenter théoriquement apparemment",
        tails: "au plus tard|dernier délai|au maximum|maximum|au plus|précises|pile",
        reports: """
            vous citez|vous dites que|vous indiquez|vous rapportez|vous évoquez|vous affirmez|vous mentionnez|nous a répondu|nous annonce|nous indique|nous informe|nous répond|leur système|vous avait|vous écrivait|vous annonçait|aurait dit|m' a dit|m' a assuré|m' annonce|me dit|me dit que|nous avions|lui avait|on vous a|d' après leur|au dire de|aux dires de|vous avez écrit|vous nous avez|vous écriviez|vous avez dit|vous disiez|vous dites|vous écrivez|vous avez demandé|vous pensez|vous pensiez|vous croyez|nous a dit|nous a assuré|nous a indiqué|nous a informé|nous a confirmé|nous dit|nous assure|selon|d' après|affirme|prétend|annonce que|indique que|prévoit que|a dit que|a écrit que|vous a dit|l' a dit|vous a promis|vous avait dit|vous aviez|avions écrit|avions dit|avions promis|avait dit|avait promis|a annoncé|ont dit|il paraît|avez lu
            """,
        frequent: "le la les de des du et nous vous votre vos je est un une pas que pour avec dans sur au en ce cette on sera il par demain ne se",
        unsure: "impossible de|il se peut|avec un peu de chance|un peu de chance|il est prévu|est prévu|est prévue|sont prévus|croise les doigts|croisons les doigts|on verra|si possible|dans la mesure du possible|autant que possible|en théorie|sous toutes réserves|a de fortes chances|de fortes chances|il y a des chances|aux dernières nouvelles|rien ne garantit|ne garantis rien|ne garantissons|ne peux rien garantir|ne peux rien promettre|ne promets rien|ne promettons|sans engagement|à titre indicatif|il faudrait|je vois mal|notre objectif|objectif est|en général|en principe|il paraît que|ça devrait|cela devrait|il est question|il se pourrait|faire en sorte|il vous appartient|il appartient|c' est à vous|libre à vous|à vous de|se pourrait|il est possible|il est probable|sans garantie|sans pouvoir|ne peux pas garantir|on va essayer|si tout va bien|en principe|notre possible|de notre mieux|d' habitude|en général|a priori|aimerions|aimerais|sauf imprévu|sauf contretemps|sous réserve",
        habits: "mensuellement systématiquement annuellement ordinaire coutume quotidien rituellement régulièrement chaque toujours tous toutes habituellement généralement habitude quotidiennement hebdomadaire lundis mardis mercredis jeudis vendredis samedis dimanches", idioms: IdiomTable)
    {
        foreach (var (kind, line) in VerbTable)
            foreach (var said in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var p = said.Split(':');
                var infinitive = p[0];
                if (infinitive.Contains('-', StringComparison.Ordinal) || infinitive.Length < 4)
                    continue;
                var er = infinitive.EndsWith("er", StringComparison.Ordinal);
                var root = infinitive[..^2];
                var future = p.Length > 1 ? p[1] : infinitive;
                var je = p.Length > 2 ? p[2] : er ? root + "e" : root + "is";
                var nous = p.Length > 3 ? p[3] : er ? (root.EndsWith('g') ? root + "eons" : root.EndsWith('c') ? root[..^1] + "çons" : root + "ons") : root + "issons";
                var participle = p.Length > 4 ? p[4] : er ? root + "é" : root + "i";
                void Put(string word, VerbForm form) => Add(word, new(infinitive, kind, form, null));
                Put(infinitive, VerbForm.Infinitive);
                Put(future + "ai", VerbForm.FutureFirst);
                Put(future + "ons", VerbForm.FutureFirst);
                Put(future + "a", VerbForm.FutureThird);
                Put(future + "ont", VerbForm.FutureThird);
                Put(future + "ez", VerbForm.FutureYou);
                Put(future + "as", VerbForm.FutureYou);
                if (kind is VerbKind.Get or VerbKind.Light)
                    Put(je.EndsWith('e') ? je + "s" : je, VerbForm.You);
                Put(nous, VerbForm.First);
                Put(je, VerbForm.First | (je.EndsWith('e') ? VerbForm.Third | VerbForm.Subjunctive : 0));
                if (!je.EndsWith('e'))
                    Put(je.EndsWith("ds", StringComparison.Ordinal) || je.EndsWith("ts", StringComparison.Ordinal) ? je[..^1] : je[..^1] + "t", VerbForm.Third);
                Put(nous[..^3] + "ez", VerbForm.You);
                Put(nous[..^3] + "ent", VerbForm.Third);
                Put(nous[..^3] + "e", VerbForm.Subjunctive);
                foreach (var ending in (ReadOnlySpan<string>)["", "e", "s", "es"])
                    Put(participle + ending, VerbForm.Participle);
            }
        Add("repart", new("repartir", VerbKind.Send, VerbForm.Third, null));
        Add("part", new("partir", VerbKind.Send, VerbForm.Third, null));
        Add("sort", new("sortir", VerbKind.Send, VerbForm.Third, null));
        Add("vienne", new("venir", VerbKind.Come, VerbForm.Subjunctive, null));
        Add("rend", new("rendre", VerbKind.Light, VerbForm.Third, null));
    }

    public override string Code => "fr";

    protected override HashSet<string> We { get; } = Set("nous je j' on");
    protected override HashSet<string> You { get; } = Set("vous tu");
    protected override HashSet<string> Us { get; } = Set("nous me m'");
    protected override HashSet<string> Between { get; } = Set("même vite rapidement toutefois donc personnellement désormais aussitôt dorénavant puis gratuitement volontiers promptement vraiment tous toutes deux maintenant te t' vous nous le la les lui leur en y l' se s' également aussi donc bien tout alors bientôt encore ensuite de d' à immédiatement directement personnellement");
    protected override HashSet<string> Not { get; } = Set("ne n' pas jamais");
    protected override HashSet<string> Pledges { get; } = Set("engage engageons promets promettons garantis garantissons");
    protected override HashSet<string> Subordinate { get; } = Set("afin pourquoi comment quoi combien où");
    protected override HashSet<string> Done { get; } = Set("ci-joint ci-joints ci-jointe ci-après ci-dessous jointe");
    protected override string That => "que";

    public override bool HoursAreDurations => true;

    public override bool IsOrdinal(string word) => word is "er" or "ere" or "eme";

    public override bool IsArticle(string word) => word is "un" or "une";

    public override bool OrdinalIsDay(List<Token> tokens, int at) => NumberIsDay(tokens, at);

    public override bool NumberIsDay(List<Token> tokens, int at) => at > 0 && tokens[at - 1].Word is "le" or "au" && (at + 1 >= tokens.Count || tokens[at + 1].IsMark && tokens[at + 1].Word is not ("%" or "€" or ":"));

    protected override HashSet<string> Own { get; } = Set("atelier entrepot depot boutique labo laboratoire magasin cabinet secretariat guichet notre nos votre vos te t' collegue equipe mme madame monsieur docteur quelqu'un quelqu' chez mon ma ton ta tes toi vous");
    protected override HashSet<string> They { get; } = Set("ils elles");

    protected override bool IsNow(string word) => word is "est" or "sont";

    protected override bool AtTheirs(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (s.Word(i) is "chez" && s.Word(i + 1) is "vous" or "toi" || s.Word(i) is "sur" or "a" or "devant" or "dans" && s.Word(i + 1) is "place" or "votre" or "vos" or "ton" || s.Word(i) is "retour" or "porte" && i > from)
                return true;
        return false;
    }

    protected override bool IsPerfect(VerbEntry verb) => verb.Verb is "partir" or "sortir" or "monter" or "descendre" or "parvenir" or "retourner";

    static readonly string[] Ordinals = "premier deuxieme troisieme".Split(' ');

    public override int OrdinalWord(string word) => Array.IndexOf(Ordinals, word) == 0 ? 1 : 0;

    protected override bool? Goes(string word) => word switch { "vais" or "allons" => true, "va" or "vont" => false, _ => null };

    protected override bool? WillBe(string word) => word switch { "sera" or "seront" => false, "serez" or "seras" => true, _ => null };

    protected override int InfinitiveAfter(SentenceView s, int at)
    {
        var i = at + 1;
        while (i < s.Count && (Between.Contains(s.Word(i)) || !s.IsFree(i)) && s.Word(i) is not ",") i++;
        return i < s.Count && IsInfinitive(s.Raw(i)) ? i : -1;
    }

    protected override bool IsInfinitive(string raw) => raw.Length > 3 && (raw.EndsWith("er", StringComparison.Ordinal) || raw.EndsWith("ir", StringComparison.Ordinal) || raw.EndsWith("re", StringComparison.Ordinal) || raw.EndsWith("oir", StringComparison.Ordinal)) && raw is not ("votre" or "notre" or "autre" or "titre" or "offre" or "ordre" or "hier" or "entre" or "lettre");

    protected override bool MakesSure(SentenceView s, int at) => s.Word(at) is "veillerai" or "veillerons" or "veille" or "veillons" or "assurerai" or "assurerons" || s.Word(at) is "ferai" or "ferons" && s.Word(at + 1) is "en" && s.Word(at + 2) == "sorte";

    protected override bool IsOwnFuture(string raw) => raw.Length > 5 && raw is not ("serai" or "serons" or "aurons" or "pourrons" or "devrons" or "saurons") && (raw.EndsWith("erons", StringComparison.Ordinal) || raw.EndsWith("irons", StringComparison.Ordinal) || raw.EndsWith("drons", StringComparison.Ordinal) || raw.EndsWith("erai", StringComparison.Ordinal) || raw.EndsWith("irai", StringComparison.Ordinal) || raw.EndsWith("drai", StringComparison.Ordinal)) && raw is not ("environs");

    protected override bool IsAmbiguousPast(string raw) => false;

    protected override bool Has(VerbEntry entry) => entry.Verb is "avoir" or "disposer";

    protected override bool IsFirst(SentenceView s, int at)
    {
        var raw = s.Raw(at);
        if (raw.EndsWith("ons", StringComparison.Ordinal) && raw.Length > 5)
            return s.Any(s.SegmentAt(at).Start, at, We) || s.SegmentAt(at).Joined;
        // "… et renvoie le lot": the subject stands before "et".
        if (Noun(s, at) is null && s.SegmentAt(at) is { Joined: true } joined && s.SegmentIndex(at) is > 0 and var index && OnlyClitics(s, joined.Start, at) && s.Any(s.Segments[index - 1].Start, s.Segments[index - 1].End, Singular))
            return true;
        for (var i = at - 1; i >= Math.Max(s.SegmentAt(at).Start, at - 5); i--)
        {
            if (s.Word(i) is "je" or "j'" or "on")
                return true;
            if (!Between.Contains(s.Word(i)) && s.IsFree(i) && !(s.Word(i) is "me" or "m'" && s.Word(i - 1) is "je"))
                return false;
        }
        return false;
    }

    protected override bool IsOn(SentenceView s, int at)
    {
        for (var i = at - 1; i >= Math.Max(s.SegmentAt(at).Start, at - 5); i--)
        {
            if (s.Word(i) is "on")
                return true;
            if (!Between.Contains(s.Word(i)) && s.IsFree(i))
                return false;
        }
        return false;
    }

    static readonly HashSet<string> Singular = Set("je j' on");

    bool OnlyClitics(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (s.IsFree(i) && !Between.Contains(s.Word(i)) && !Joins.Contains(s.Word(i)) && s.Word(i) is not ",")
                return false;
        return true;
    }

    protected override string[][] Ahead { get; } = Phrases("sur la prochaine|sur le prochain|sur votre prochain|sur votre prochaine|elle-même|lui-même|moi-même|nous-mêmes|en personne|personnellement|naturellement|bien entendu|bien sûr|la veille|le jour même|tantôt|prochaine facture|prochaine échéance|prochain relevé|prochaine mensualité|au plus vite|tout de suite|dès que possible|le plus vite possible|le plus rapidement possible|le plus tôt possible|aussi vite que possible|aussitôt que possible|dans les meilleurs délais|dans les plus brefs délais|dans les plus courts délais|sans tarder|sans délai|sans attendre|sous peu|bientôt|immédiatement|incessamment|prochainement|de suite|à l' instant|sur-le-champ|sur le champ|dans l' immédiat|dans la foulée|sans frais|gratuitement|sans supplément|à nos frais|à l' œil|à l' oeil|gratis|en priorité|cadeau|illico|rapidement|promis|très vite|au plus tôt|en urgence|sans coût|dès maintenant|dès à présent|séance tenante|tout à l' heure|d' urgence|par retour");

    protected override HashSet<string> Courtesies { get; } = Set("salutations excuses remerciements félicitations condoléances vœux voeux regrets hommages respects sympathie bises bisous");

    protected override HashSet<string> Our { get; } = Set("notre nos mon ma mes");

    protected override bool ToRead(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (s.Word(i) is "mail" or "e-mail" or "email" or "courriel" or "sms" or "whatsapp" or "messagerie" or "e-box" or "ebox" or "texto" or "teams" or "fax" || s.Word(i) is "espace" && s.Word(i + 1) is "client" or "adherent" or "personnel" or "membre" or "locataire" or "perso" or "abonne" or "patient" or "assure" or "famille" or "eleve" or "parents" || s.Word(i) is "par" && s.Word(i + 1) is "ecrit" or "message" || s.Word(i) is "en" or "sur" && s.Word(i + 1) is "ligne" or "internet" or "l'appli" or "appli" || s.Word(i) is "portail" or "extranet" or "intranet" or "appli" or "application")
                return true;
        return false;
    }

    protected override bool ByPhone(SentenceView s, Act act) => s.Any(act.Verb, act.End, Phone);

    protected override bool IsParticiple(string raw) => raw.Length > 4 && (raw.EndsWith('é') || raw.EndsWith("ée", StringComparison.Ordinal) || raw.EndsWith("és", StringComparison.Ordinal) || raw.EndsWith("ées", StringComparison.Ordinal));

    protected override bool ObjectBefore(SentenceView s, int at) => s.Word(at - 1) is "vous" or "te" or "t'" || s.Word(at - 1) is "le" or "la" or "les" or "l'" or "lui" or "en" or "y" && s.Word(at - 2) is "vous" or "te" or "t'" or "je" or "nous" or "on";

    static readonly HashSet<string> NoVerb = Set("a est ai ont sont etait ete sommes suis avons avions avait etions etais vont veut peut doit faut dit sait vous nous");

    protected override bool IsOwnPresent(SentenceView s, int at)
    {
        var (raw, word) = (s.Raw(at), s.Word(at));
        if (!s.IsFree(at) || raw.Length < 4 || !s.Tokens[at].IsWord || NoVerb.Contains(word) || Between.Contains(word) || word.EndsWith("ment", StringComparison.Ordinal) || word.EndsWith("ions", StringComparison.Ordinal) || word.EndsWith("ais", StringComparison.Ordinal) || word.EndsWith("rait", StringComparison.Ordinal) || raw[^1] is 'é' or 'i' or 'u' or 'z' or 'r')
            return false;
        for (var i = at - 1; i >= Math.Max(s.SegmentAt(at).Start, at - 4); i--)
        {
            if (s.Word(i) is "nous")
                return i > 0 && raw.EndsWith("ons", StringComparison.Ordinal);
            if (s.Word(i) is "je" or "j'" or "on")
                return !raw.EndsWith("ons", StringComparison.Ordinal) && raw[^1] is 'e' or 's' or 'd' or 't' or 'x' or 'c';
            if (!Between.Contains(s.Word(i)) && !(s.Word(i) is "me" or "m'" && s.Word(i - 1) is "je"))
                return false;
        }
        return false;
    }

    protected override bool IsOtherFuture(string raw) => raw.Length > 6 && (raw.EndsWith("era", StringComparison.Ordinal) || raw.EndsWith("ira", StringComparison.Ordinal) || raw.EndsWith("dra", StringComparison.Ordinal) || raw.EndsWith("eront", StringComparison.Ordinal) || raw.EndsWith("iront", StringComparison.Ordinal) || raw.EndsWith("dront", StringComparison.Ordinal)) && raw is not ("caméra" or "opéra");

    protected override int InfinitiveOf(SentenceView s, int at, VerbEntry verb)
    {
        if (verb.Verb is not ("faire" or "procéder" or "commencer" or "passer" or "venir" or "filer"))
            return -1;
        var i = at + 1;
        while (i < s.Count && (Between.Contains(s.Word(i)) || !s.IsFree(i)) && s.Word(i) is not "," && i < at + 6) i++;
        return i < s.Count && s.IsFree(i) && Find(s, i, VerbForm.Infinitive) is { Kind: not VerbKind.Stop } purpose && (verb.Kind != VerbKind.Come || purpose.Kind is VerbKind.Delivery or VerbKind.Send or VerbKind.Call or VerbKind.Answer) ? i : -1;
    }

    static readonly string[] Repeated = ["ré", "re", "r"];

    /// <summary>"Réinscrire", "repasser": as the verb they repeat.</summary>
    protected override VerbEntry[] Derived(string word)
    {
        if (word.Length > 6 && word[0] == 'r')
            foreach (var prefix in Repeated)
                if (word.StartsWith(prefix, StringComparison.Ordinal) && VerbsOf(word[prefix.Length..]) is { Length: > 0 } known && known[0].Kind != VerbKind.Stop && known[0].Verb.Length > 4)
                    return known;
        return [];
    }

    static readonly HashSet<string> NoPerson = Set("ordinateur moteur erreur valeur couleur facteur compteur ascenseur serveur douleur vapeur longueur hauteur largeur exterieur interieur meilleur majeur plusieurs ailleurs secteur congelateur refrigerateur aspirateur radiateur adaptateur chargeur lecteur capteur detecteur disjoncteur interrupteur transformateur generateur projecteur televiseur teneur faveur ampleur profondeur epaisseur chaleur fraicheur odeur humeur horreur rigueur vigueur dossier courrier papier premier dernier entier chantier quartier atelier calendrier fevrier janvier escalier fichier clavier cahier palier metier panier collier mobilier entretien maintien soutien ancien combien chien liste piste matiere maniere lumiere premiere derniere frontiere chaudiere riviere biere cafetiere poussiere barriere heure heures demi-heure bonheur malheur fournisseur consommateur demandeur assureur fioul terrain bulletin jardinier-de-la-mairie tuteur navigateur moniteur visiteur batterie serie");

    protected override PromiseKind? NounPart(SentenceView s, int at)
    {
        var word = s.Word(at);
        if (word.Length < 6 || !s.IsFree(at) || NoPerson.Contains(word) || s.Word(at - 1) is not ("notre" or "nos" or "un" or "une" or "le" or "la" or "l'" or "mon" or "ma" or "les" or "votre" or "des" or "mes"))
            return null;
        foreach (var ending in (ReadOnlySpan<string>)["eur", "euse", "eurs", "euses", "trice", "ier", "iers", "iere", "ieres", "iste", "istes", "ien", "ienne", "iens", "logue", "logues", "ologue"])
            if (word.EndsWith(ending, StringComparison.Ordinal))
                return PromiseKind.Visit;
        return null;
    }

    protected override PromiseKind? Appointment(SentenceView s, int at) => s.Word(at) switch
    {
        "entretien" or "echange" or "entrevue" when s.Any(at, s.Count, Phone) => PromiseKind.Call,
        "ramassage" or "collecte" or "reprise" or "envoi" => PromiseKind.Delivery,
        "rendez-vous" or "rdv" => s.Any(at, s.Count, Phone) ? PromiseKind.Call : AtTheirs(s, at, s.Count) || HasNoun(s, at + 1, s.Count, PromiseKind.Visit) ? PromiseKind.Visit : null,
        "passage" or "visite" or "intervention" => PromiseKind.Visit,
        "livraison" or "enlevement" or "expedition" => PromiseKind.Delivery,
        "appel" or "rappel" => PromiseKind.Call,
        "remboursement" or "virement" => PromiseKind.Refund,
        "reponse" => PromiseKind.Answer,
        "retour" when s.Word(at + 1) is "de" && s.Word(at + 2) is "ma" or "notre" => PromiseKind.Answer,
        _ => null,
    };

    /// <summary>"Le mardi", with no number after it: each of them.</summary>
    public override bool IsNoTime(List<Token> tokens, SaidTime said) => said.SaysOnlyDay && said.Last == said.First + 1 && tokens[said.First].Word == "le" && tokens[said.Last].Word is "lundi" or "mardi" or "mercredi" or "jeudi" or "vendredi" or "samedi" or "dimanche";

    static readonly HashSet<string> Phone = Set("vive-voix téléphone téléphonique tel visio");

    protected override bool YouIsObject(SentenceView s, int at)
    {
        // "M. Durand vous rendra visite": somebody before "vous".
        for (var i = at - 1; i > s.SegmentAt(at).Start; i--)
            if (s.Word(i) == "vous")
                return s.Tokens[i - 1].IsWord || s.Word(i - 1) == ".";
        return true;
    }

    public override bool IsCondition(SentenceView s, int at)
    {
        var next = s.Word(at + 1);
        var before = s.Word(at - 1);
        return s.Word(at) switch
        {
            "si" or "s'" => !IsAsking(s, at) && (s.Word(at) != "s'" || next is "il" or "ils" && s.Word(at + 2) is not ("vous" or "te")) && next is not ("possible" or "vite" or "bien"),
            "quand" when next is "tu" or "vous" && s.Word(at + 2) is "veux" or "voulez" or "voudrez" or "voudras" or "souhaitez" or "pouvez" or "peux" => false,
            "quand" or "lorsque" or "lorsqu'" when OwnStep(s, at + 1) => false,
            "quand" or "lorsque" or "lorsqu'" or "lorsqu" or "sauf" or "sinon" => true,
            "des" when next is "que" or "qu'" && OwnStep(s, at + 2) => false,
            "des" => next is "que" or "qu'" && s.Word(at + 2) is not ("possible") || next is "reception" or "reconnaissance" || next is "le" or "la" && s.Word(at + 2) is "reception" or "retour",
            "fois" => before is "une" && next is not ("encore" or "de" or "," or "." or ""),
            "condition" or "reserve" => before is "a" or "sous" or "la",
            "cas" => before is "en" && next is "de" or "d'" or "ou" || before is "au" or "le" && next is "ou",
            "moins" => before is "a" && next is "que" or "qu'",
            "apres" => next is "reception" || next is "avoir" && s.Word(at + 2) is "recu",
            "tant" => next == "que",
            "lors" => before is "des" && next is "que" or "qu'",
            "aussitot" => next is "que" or "qu'" && s.Word(at + 2) is not "possible",
            "hypothese" => before is "l'",
            "moyennant" => true,
            "faute" => next is "de" or "d'" && before is not "sans",
            "pourvu" => next is "que" or "qu'",
            _ => false,
        };
    }

    /// <summary>"Dès que j'ai deux minutes", "quand c'est fini": up to us; not "dès que j'ai votre accord".</summary>
    static bool OwnStep(SentenceView s, int at)
    {
        if (s.Word(at) is not ("j'" or "je" or "on" or "c'" or "nous") && !(s.Word(at) is "tout"))
            return false;
        if (s.Word(at) is "c'" && !(s.Word(at + 2) is "fini" or "fait" or "pret" or "termine" or "repare" or "bon" or "regle"))
            return false;
        for (var i = at + 1; i < Math.Min(s.Count, at + 7); i++)
            if (s.Word(i) is "recu" or "recois" or "recevons" or "recevrons" or "recevrai" or "recoit" or "votre" or "vos" or "vous" or "ta" or "ton" or "tes" or "reponse" or "accord" or "feu" or "confirmation" or "piece" or "pieces" or "retour" or "stock" or "aurons" or "aurai" or "avons" or "disposons" or "disposerons")
                return false;
        return true;
    }

    /// <summary>"Vérifier si", "savoir si": a question within, no condition.</summary>
    bool IsAsking(SentenceView s, int at)
    {
        for (var i = at - 1; i >= Math.Max(0, at - 2); i--)
        {
            if (VerbsAt(s, i) is { Length: > 0 } known && (known[0].Kind == VerbKind.Check || known[0].Verb is "savoir" || i == at - 1 && known[0].Verb is "dire" or "confirmer" or "indiquer" or "préciser" or "répondre" or "communiquer"))
                return true;
            if (s.Word(i) is "voir" or "savoir" or "voyons" or "verifie" or "meme" or "comme")
                return true;
        }
        return false;
    }

    protected override bool Stands(SentenceView s, int at, int next) => s.Word(next) is "chez" or "sur" or "sous" || s.Word(at + 1) is "chez" or "sur" or "à" or "la" or "de" or "disponible" || s.Word(next) is "retour";

    protected override bool IsNegated(SentenceView s, Segment segment, int verb)
    {
        for (var i = segment.Start; i < segment.End; i++)
            if (s.IsFree(i) && Not.Contains(s.Word(i)) && !(s.Word(i) == "pas" && s.Word(i + 1) is "seulement" or "plus" or "de") && !(s.Word(i) == "n'" && s.Word(i + 1) is "hesitez" or "importe"))
                return true;
        return false;
    }

    protected override bool Turn(SentenceView s, int at, List<Act> acts)
    {
        var word = s.Raw(at);
        var end = s.SegmentAt(at).End;
        void Take(string name, VerbKind kind, bool needsTime) => acts.Add(new() { Verb = at, Name = name, Kind = kind, Reason = "turn of phrase", NeedsTime = needsTime });
        switch (word)
        {
            // "On est là demain", "nous serons chez vous"
            case "suis" or "sommes" or "est" or "serons" or "serai" or "sera" when (word is not ("est" or "sera") || s.Word(at - 1) is "on") && (s.Word(at + 1) is "la" && s.Word(at + 2) is not "pour" || s.Word(at + 1) is "chez" && s.Word(at + 2) is "vous" or "toi" || s.Word(at + 1) is "sur" && s.Word(at + 2) is "place" || s.Word(at + 1) is "devant" && s.Word(at + 2) is "votre" or "chez"):
                Take("visiter", VerbKind.Visit, true);
                return true;
            case "vais" or "allons" or "va" or "vont" or "irai" or "irons" or "ira" when s.Word(at - 1) is "y" or "j'y" && InfinitiveAfter(s, at) < 0 && (word is not ("va" or "vont" or "ira") || s.Word(at - 2) is "on" || HasNoun(s, s.SegmentAt(at).Start, at, PromiseKind.Visit)):
                Take("visiter", VerbKind.Visit, true);
                return true;
            case "irai" or "irons" or "ira" or "iront" when AtTheirs(s, at, end) && !s.Any(s.SegmentAt(at).Start, at, You):
                Take("visiter", VerbKind.Visit, true);
                return true;
            case "aura" or "a" when s.Word(at - 1) is "y" && s.Word(at - 2) is "il" && (HasNoun(s, at + 1, Math.Min(end, at + 5), PromiseKind.Visit) || Near(s, at, at + 3, "quelqu'un") || Near(s, at, at + 3, "quelqu'")) && (AtTheirs(s, at, end) || s.Any(at, end, Our)):
                Take("visiter", VerbKind.Visit, true);
                return true;
            case "voit" or "voyons" or "verra" or "verrons" or "retrouve" or "retrouvons" when s.Word(at - 1) is "se" or "nous" && AtTheirs(s, at, end):
                Take("visiter", VerbKind.Visit, true);
                return true;
            case "attendez-vous" or "attends-toi" or "attendez" or "comptez" or "compte" when s.Any(at + 1, end, Our) && FirstNoun(s, at + 1, end) is not null && !s.Any(s.SegmentAt(at).Start, at, We):
                Take("recevoir", VerbKind.Light, true);
                return true;
            case "verrez" or "verras" when FirstNoun(s, at + 1, end) is not null && !s.Any(s.SegmentAt(at).Start, end, Done):
                Take("recevoir", VerbKind.Light, true);
                return true;
            case "récupérez" or "récupérerez" or "récupères" or "récupéreras" or "retrouvez" or "retrouverez" when s.Any(at + 1, end, Cash) || HasNoun(s, at + 1, end, PromiseKind.Refund):
                Take("restituer", VerbKind.Refund, true);
                return true;
            case "saurez" or "sauras" when s.Any(at + 1, end, Something) || FirstNoun(s, at + 1, end) is PromiseKind.Answer:
                Take("informer", VerbKind.Answer, true);
                return true;
            // "Vous l'aurez chez vous vendredi", "le devis, vous l'avez jeudi"
            case "aurez" or "avez" or "auras" or "as" or "aura" when s.Word(at - 1) is "l'" or "les" && Find(s, at + 1, VerbForm.Participle) is null && !s.Word(at + 1).EndsWith('e'):
                Take("avoir", ToRead(s, s.SegmentAt(at).Start, end) ? VerbKind.Answer : AtTheirs(s, at, end) ? VerbKind.Delivery : VerbKind.Light, true);
                return true;
            case "reviendra" or "revient" or "reviennent" or "reviendront" or "reprend" or "reprendra" when s.Any(s.SegmentAt(at).Start, at, Mains):
                Take("rétablir", VerbKind.Other, true);
                return true;
            case "laisse" or "laissons" or "laisserai" or "laisserons" or "laissera" when s.Word(at - 1) is "vous" or "te" or "le" or "la" or "les" or "l'":
                if (Near(s, at, at + 4, "message") || Near(s, at, at + 4, "mot") || Near(s, at, at + 4, "note"))
                    Take("informer", VerbKind.Answer, word is "laisse" or "laissons");
                else if (Near(s, at, at + 4, "pret") || Near(s, at, at + 4, "prete") || Near(s, at, at + 4, "prets") || Near(s, at, at + 4, "propre"))
                    Take("terminer", VerbKind.Other, true);
                else if (s.Any(at + 1, end, Places) && s.Word(at - 1) is not ("vous" or "te"))
                    Take("déposer", VerbKind.Delivery, true);
                return true;
            // "reviendrai vers vous", "revenons vers vous"
            case "reviendrai" or "reviendrons" or "reviens" or "revenons" or "revient" or "reviendra" or "reviendront" or "reviennent" when Near(s, at, end, "vers"):
                acts.Add(new() { Verb = at, Name = "revenir", Kind = VerbKind.Answer, Reason = "turn of phrase", Shares = s.SegmentAt(at).Joined && acts.Count > 0 && !s.Any(s.SegmentAt(at).Start, at, We), NeedsTime = word is "reviens" or "revenons" or "revient" or "reviennent" && !LooksAhead(s, s.SegmentAt(at).Start, end) && !s.Any(s.SegmentAt(at).Start, at, Our) });
                return true;
            case "prends" or "prenons" or "prend" or "prendrai" or "prendrons" or "prendra" when Near(s, at, at + 4, "charge"):
                Take("prendre en charge", VerbKind.Other, false);
                return true;
            case "part" when s.Word(at - 1) is "ma" or "notre" or "votre" or "ta" or "sa" or "la" or "une" or "quelque":
                return true;
            case "trouverez" or "trouveras":
                if (!s.Any(s.SegmentAt(at).Start, end, Done))
                    Take("recevoir", VerbKind.Light, true);
                return true;
            case "revient" or "reviendra" or "reviennent" or "reviendront" when s.Word(at - 1) is "vous" or "te" && HasNoun(s, s.SegmentAt(at).Start, end, PromiseKind.Refund):
                Take("restituer", VerbKind.Refund, false);
                return true;
            case "prend" or "prendra" or "prennent" or "prendront" when s.Word(at + 1) is "fin" or "effet" or "place" or "du" or "plus" or "environ" or "cours":
                return true;
            case "prends" or "prenons" or "prend" or "prendrai" or "prendrons" or "prendra" when Near(s, at, at + 4, "note") || Near(s, at, at + 4, "acte") || Near(s, at, at + 5, "connaissance") || Near(s, at, at + 5, "compte") || Near(s, at, at + 4, "soin") || Near(s, at, at + 5, "serieux") || Near(s, at, at + 4, "rendez-vous") || Near(s, at, at + 4, "plaisir") || Near(s, at, at + 4, "temps") || Near(s, at, at + 4, "bonne"):
                return true;
            case "mettons" or "mets" or "met" or "mettrons" or "mettrai" when Near(s, at, at + 3, "tout") || Near(s, at, at + 3, "point"):
                return true;
            case "compose" or "composerai" or "composerons" or "composera" or "composons" when Near(s, at, end, "numero"):
                Take("appeler", VerbKind.Call, word is "compose" or "composons");
                return true;
            case "chargeons" or "charge" or "chargerai" or "chargerons" or "chargera" or "occupe" or "occupons" when s.Word(at - 1) is "m'" or "s'" || s.Word(at - 1) is "nous" && s.Word(at - 2) is "nous" || s.Word(at - 1) is "en" && s.Word(at - 2) is "m'" or "nous" or "s'":
                Take("s'occuper", VerbKind.Other, word is "charge" or "chargeons" or "occupe" or "occupons" && !LooksAhead(s, s.SegmentAt(at).Start, end));
                return true;
            case "attend" or "attendra" or "attendent" or "attendront" when s.Word(at - 1) is "vous" or "t'" && !s.Any(s.SegmentAt(at).Start, at, We):
                Take("recevoir", VerbKind.Light, true);
                return true;
            case "ferai" or "ferons" or "fais" or "faisons" or "fera" when Near(s, at, at + 4, "retour") || Near(s, at, at + 3, "signe"):
                Take("informer", VerbKind.Answer, word is "fais" or "faisons");
                return true;
            case "tiendrai" or "tiendrons" or "tiens" or "tenons" or "tient" when Near(s, at, end, "courant") || Near(s, at, at + 4, "jus") || Near(s, at, at + 4, "parfum") || Near(s, at, end, "informe"):
                Take("tenir au courant", VerbKind.Answer, false);
                return true;
            case "tiendra" or "tient" when Near(s, at, end, "courant") || Near(s, at, end, "informe"):
                Take("tenir au courant", VerbKind.Answer, true);
                return true;
            case "tiendrai" or "tiendrons" or "tiens" or "tenons" or "tient":
                return true;
            case "laisse" or "laissons":
                return true;
            case "jette" or "jetons" or "jetterai" or "jetterons" or "jettera":
                Take("vérifier", VerbKind.Check, word is "jette" or "jetons");
                return true;
            case "passe" or "passera" or "passerai" or "passons" or "passerons" or "donnerai" or "donnerons" or "donnera" or "donne" or "donnons" when Near(s, at, end, "coup") && (Near(s, at, end, "fil") || Near(s, at, end, "telephone") || Near(s, at, end, "tel") || Near(s, at, end, "bigo")) || Near(s, at, at + 3, "appel"):
                Take("appeler", VerbKind.Call, false);
                return true;
            case "rend" or "rendent" when s.Word(at - 1) is "se" && (AtTheirs(s, at, end) || Near(s, at, end, "domicile") || Near(s, at, end, "lieux") || Near(s, at, end, "adresse")) || Near(s, at, end, "visite"):
                Take("rendre visite", VerbKind.Visit, true);
                return true;
            case "rendra" or "rendront" or "rendrai" or "rendrons" or "rendons" or "rends" when s.Word(at - 1) is "se" or "me" or "nous" && (Near(s, at, end, "chez") || AtTheirs(s, at, end) || Near(s, at, end, "domicile") || Near(s, at, end, "lieux") || Near(s, at, end, "adresse")) || Near(s, at, end, "visite"):
                Take("rendre visite", VerbKind.Visit, false);
                return true;
            case "reprends" or "reprenons" or "reprendra" or "prendrons" or "prendrai" or "reprendrons" or "reprendrai" or "prenons" or "prends" when Near(s, at, end, "contact"):
                Take("contacter", VerbKind.Answer, false);
                return true;
            case "ferons" or "ferai" when Near(s, at, end, "parvenir"):
                Take("envoyer", VerbKind.Send, false);
                return true;
            case "ferons" or "ferai" when Near(s, at, end, "mieux") || Near(s, at, end, "possible") || Near(s, at, end, "tout") || Near(s, at, end, "maximum"):
                return true;
            case "ferons" or "ferai" when s.Word(at + 1) is "part" or "savoir" or "le" && Near(s, at, end, "point"):
                Take("informer", VerbKind.Answer, false);
                return true;
            case "aurai" or "aurons":
                return true;
            case "passera" or "passerons" or "passerai" when !s.Any(at, end, Measures) && (Near(s, at, end, "prendre") || Near(s, at, end, "chercher") || Near(s, at, end, "recuperer")):
                Take("enlever", VerbKind.Delivery, false);
                return true;
            case "rappelons" or "rappelle" when Near(s, at, Math.Min(end, at + 3), "que") || Near(s, at, Math.Min(end, at + 3), "qu'"):
                return true;
            case "mettrons" or "mettrai" or "mets" or "mettons" or "met" or "mettra" when Near(s, at, end, "poste") || Near(s, at, end, "route") || Near(s, at, end, "disposition"):
                Take("envoyer", VerbKind.Send, word is "mets" or "mettons" or "met");
                return true;
            case "prendra" or "prend" or "entrera" or "entrerons" when Near(s, at, end, "contact"):
                Take("contacter", VerbKind.Answer, word is "prend");
                return true;
            case "mettrons" or "mettrai" when Near(s, at, end, "contact"):
                Take("contacter", VerbKind.Answer, false);
                return true;
            case "attendez-vous" or "comptez":
                return true;
            default:
                return false;
        }
    }

    static readonly HashSet<string> Cash = Set("sous argent mise euros");

    static readonly HashSet<string> Something = Set("tout plus quoi résultat réponse décision");

    static readonly HashSet<string> Mains = Set("eau courant électricité chauffage gaz internet ligne connexion réseau lumière service wifi");

    static readonly HashSet<string> Places = Set("gardienne gardien concierge accueil réception loge boîte voisin voisine porte comptoir");

    static readonly HashSet<string> Measures = Set("mesures cotes mesure dimensions relevé relevés photos photo empreintes empreinte");

    static readonly HashSet<string> Restored = Set("service ligne marche état zéro place jour neuf niveau fonction conformité ordre eau pression tension côté");

    static readonly HashSet<string> Needful = Set("nécessaire");

    static readonly HashSet<string> Assembled = Set("armoire meuble meubles étagère étagères lit cuisine kit pneus store rideaux tringle placard bureau commode table chaises dressing volet porte pièce");

    static bool Near(SentenceView s, int at, int end, string word)
    {
        for (var i = at + 1; i < Math.Min(end, at + 8); i++)
            if (s.Word(i) == word)
                return true;
        return false;
    }

    public override PromiseKind? KindOf(SentenceView s, Act act)
    {
        if (IsIdiom(s, act, out var said))
            return said;
        if (act.Kind is VerbKind.Send or VerbKind.Delivery)
            for (var i = act.Verb; i < act.End; i++)
                if (s.Word(i) is "par" && s.Word(i + 1) is "mail" or "e-mail" or "email" or "courriel" or "sms")
                    return PromiseKind.Answer;
        if (act.Name is "remettre" or "mettre" && s.Any(act.Verb + 1, act.Verb + 8, Restored))
            return PromiseKind.Other;
        if (act.Name == "faire" && s.Any(act.Start, act.End, Needful))
            return PromiseKind.Other;
        // A thing that lands on the account or in the box; nobody.
        if (act.Name is "tomber" or "retomber" or "atterrir" or "figurer" or "regagner" or "apparaître")
            return FirstNoun(s, act.Start, act.Verb) is PromiseKind.Visit or null ? ToRead(s, act.Start, act.End) ? PromiseKind.Answer : null : FirstNoun(s, act.Start, act.Verb);
        if (act.Name is "monter" or "descendre" && s.Word(act.Verb + 1) is var climbs && Infinitive(s, act.Verb + 1) is { Kind: not (VerbKind.Delivery or VerbKind.Send) } && climbs.Length > 2)
            return PromiseKind.Visit;
        if (act.Name is "monter" or "descendre" && (ObjectBefore(s, act.Verb) || act.Reason.Contains("third", StringComparison.Ordinal) && s.Word(act.Verb - 1) is "le" or "la" or "les" or "l'") && !s.Any(act.Verb, act.End, Assembled))
            return PromiseKind.Delivery;
        if (act.Name is "monter" or "descendre" && s.Word(act.Verb + 1) is "sur" or "au" or "chez" or "dans" or "a" && HasNoun(s, act.Start, act.Verb, PromiseKind.Visit))
            return PromiseKind.Visit;
        // "Je vous passe le devis": a thing, and to read where no table knows it; "je passe l'avoir".
        if (act.Name == "faire" && act.Reason is "passive" or "is …ed by" && FirstNoun(s, act.Start, act.Verb) is null)
            return PromiseKind.Other;
        // "Je vous passe à la nouvelle formule"
        if (act.Name == "passer" && s.Word(act.Verb - 1) is "vous" or "te" && s.Word(act.Verb + 1) is "a" or "au" or "en" or "sur")
            return PromiseKind.Other;
        if (act.Name is "passer" or "filer" or "balancer" or "refiler" && (s.Word(act.Verb - 1) is "vous" or "te" or "t'" || act.Name != "passer") && !FetchesToo(s, act))
        {
            var i = act.Verb + 1;
            while (i < act.End && !s.IsFree(i)) i++;
            if (act.Name != "passer" || s.Word(i) is "le" or "la" or "l'" or "les" or "un" or "une" or "votre" or "vos" or "ton" or "mon" or "ça")
                return ToRead(s, act.Start, act.End) ? PromiseKind.Answer : FirstNoun(s, act.Verb + 1, act.End) switch { PromiseKind.Visit or null => PromiseKind.Answer, var noun => noun };
        }
        // "Je déplace votre rendez-vous": only oneself goes.
        if (act.Name == "déplacer" && s.Word(act.Verb - 1) is not ("me" or "nous" or "se" or "m'" or "s'" or "vous"))
            return PromiseKind.Other;
        if (act.Name == "renvoyer" && FirstNoun(s, act.Verb + 1, act.End) == PromiseKind.Answer)
            return PromiseKind.Answer;
        return base.KindOf(s, act);
    }

    protected override PromiseKind ComesAlone(SentenceView s, Act act)
    {
        if (act.Name == "arriver")
            return PromiseKind.Delivery;
        for (var i = act.Start; i < act.Verb; i++)
            if (s.Word(i) is "il" or "elle" or "nouveau" or "nouvelle" or "un")
                return act.Name == "passer" || act.Name == "venir" ? PromiseKind.Visit : PromiseKind.Delivery;
        return PromiseKind.Visit;
    }
}
