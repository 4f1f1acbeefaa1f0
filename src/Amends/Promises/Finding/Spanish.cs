namespace Amends.Promises.Finding;

/// <summary>Spanish: "le llamaremos", "le llamo mañana", "vamos a llamarle", "se le devolverá", "recibirá".</summary>
sealed class Spanish : Romance
{
    const string TimeTable = """
        Day 0: hoy | hoy mismo | hoy día | este mismo día | en el transcurso del día | en el transcurso de hoy | en el curso del día | a lo largo del día | durante el día | el mismo día | hoy más tarde | más tarde hoy | en el día
        Day 1: mañana | mañana mismo | mañana sin falta | el día de mañana
        Day 2: pasado mañana
        Past: ayer | anteayer | la semana pasada | semana pasada | el mes pasado | pasado lunes | pasado martes | pasado viernes | pasado jueves | pasado miércoles | anoche
        Weekday 1: lunes
        Weekday 2: martes
        Weekday 3: miércoles
        Weekday 4: jueves
        Weekday 5: viernes
        Weekday 6: sábado
        Weekday 7: domingo
        Part Morning: por la mañana | a la mañana | temprano por la mañana | a media mañana | media mañana | esta misma mañana | temprano | tempranito | bien temprano | en horas de la mañana | de la mañana | en la mañana | a primera hora | a primera hora de la mañana | primera hora | a lo largo de la mañana | esta mañana | durante la mañana
        Part Noon: mediodía | a mediodía | al mediodía | hora del almuerzo | almuerzo | la comida | el almuerzo | medio día | hora de comer
        Part Afternoon: por la tarde | a la tarde | media tarde | a media tarde | esta misma tarde | en horas de la tarde | tardecita | de la tarde | en la tarde | esta tarde | tarde | a lo largo de la tarde | durante la tarde | primera hora de la tarde | a primera hora de la tarde
        Part Evening: por la noche | a la noche | esta misma noche | de la noche | en la noche | esta noche | noche
        Part End: a última hora | última hora | final del día | fin de día | fin de jornada | última hora del día | a última hora de la tarde | última hora de la tarde | final de la tarde | que cerremos | cerrar | terminar la jornada | al final del día | fin del día | cierre | el cierre | final de la jornada | fin de la jornada | acabar el día | que acabe el día | que termine el día | termine el día | acabe el día | al cierre
        Part Midnight: medianoche
        Number 1: un | una | uno
        Number 2: dos | un par de
        Number 3: tres
        Number 4: cuatro
        Number 5: cinco
        Number 6: seis
        Number 7: siete
        Number 8: ocho
        Number 9: nueve
        Number 10: diez
        Number 11: once
        Number 12: doce
        Number 13: trece
        Number 14: catorce
        Number 15: quince
        Number 16: dieciséis
        Number 17: diecisiete
        Number 18: dieciocho
        Number 19: diecinueve
        Number 20: veinte
        Number 21: veintiuno | veintiún
        Number 22: veintidós
        Number 23: veintitrés
        Number 25: veinticinco
        Number 40: cuarenta
        Number 50: cincuenta
        Number 60: sesenta
        Number 90: noventa
        Number 24: veinticuatro
        Number 30: treinta
        Number 36: treinta y seis
        Number 45: cuarenta y cinco
        Number 48: cuarenta y ocho
        Number 72: setenta y dos
        Half 0: media
        PlusMinutes 30: y media
        PlusMinutes 15: y cuarto
        PlusMinutes -15: menos cuarto
        PlusMinutes 20: y veinte
        PlusMinutes 10: y diez
        Unit Minute: minuto | minutos | min | minutitos
        Unit QuarterHour: cuarto de hora | cuartos de hora
        Unit Fortnight: quincena
        Unit+Hour Hour: hora | horas | horita | horitas
        Unit Day: día | días | días naturales
        Unit WorkingDay: día hábil | días hábiles | día laborable | días laborables | día laboral | días laborales | jornadas laborables | días de trabajo | día de trabajo | días bancarios | días útiles | día útil
        Unit Week: semana | semanas
        Unit Month: mes | meses
        Unit Quarter: trimestre
        Unit Year: año | años
        Working: hábiles | laborables | hábil | laborable | laborales
        MonthName 1: enero | ene
        MonthName 2: febrero | feb
        MonthName 3: marzo
        MonthName 4: abril | abr
        MonthName 5: mayo
        MonthName 6: junio
        MonthName 7: julio
        MonthName 8: agosto | ago
        MonthName 9: septiembre | setiembre | sep | sept
        MonthName 10: octubre | oct
        MonthName 11: noviembre | nov
        MonthName 12: diciembre | dic
        Weekend: fin de semana
        Next 1: próximo | próxima | próximos | próximas | siguiente
        Coming: que viene | que entra | entrante
        This: esta | este | presente | esta misma | este mismo | en curso
        End: fin | fin de | fines de | finales de | final de | final del | finales | termine | acabe | que termine | que acabe | terminar | acabar | el fin de | que finalice
        Start: principios de | comienzos de | principio de | inicio de | inicios de | a principios de
        Middle: mediados de | a mediados de
        Before: antes de | antes del | antes de que | antes
        By: para | para el | hasta | hasta el | a más tardar | a más tardar el | como muy tarde | como muy tarde el | no más tarde de | no más tarde del | como máximo | como máximo el | a más tardar a | al más tardar | a más tardar en | cuando más tarde | hasta un máximo de
        Within: en | dentro de | en un plazo de | en el plazo de | en un plazo máximo de | en un máximo de | en el plazo máximo de | en menos de | en las | en los | en unas | en unos | en cosa de | dentro de los | dentro de las | dentro del plazo de | en el transcurso de | en el término de | en un lapso de | dentro de un plazo de | en máximo | en plazo de | de aquí a | en un plazo no superior a | en no más de | a lo largo de | a lo largo del
        To: a | y | o | al | hasta
        At: a | a las | sobre | sobre las | hacia | hacia las | alrededor de | a eso de | tipo | a las | a la | cerca de | como a las | pasadas las
        After: a partir de | a partir del | después de | después del | desde | tras | pasadas
        From: entre | de | desde | del
        Of: de | del | desde
        Filler: el | la | los | las | a | de | del | al | en | lo | largo | por | día | durante | mismo | sobre | aproximadamente | hora | transcurso | curso | horario | punto | este mismo
        Hour: h | hs | hrs | horas en punto | en punto
        Am: am
        Pm: pm
        """;

    const string NounTable = """
        Call: llamada telefonazo llamadas llamado llamados toque timbrazo timbre fonazo campanazo repique ring telefonema videollamada llamadita telefonacito toquecito
        Answer: vídeo vídeos video videos grabación audio escaneo escrito oficio memoria formularios informes contratos facturas presupuestos certificados copias listados extractos justificantes recibos comprobantes comprobación pasos calendario cronograma programa temario enlaces links archivo archivos fichero ficheros acuse constancia constancias finiquito liquidación historial receta recetas diagnóstico traducción teléfono número fecha fechas turno guion diseño diseños boceto bocetos render imagen imágenes captura capturas audios notas minuta tabla hoja anexo anexos convocatoria acreditación autorización credencial volante ficha manual dosier dossier catálogos planilla remito rastreo códigos pin claves usuario acceso accesos dato mensajes sms whatsapp wasap guasap explicaciones aclaración aclaraciones comunicación comunicado comunicaciones notificaciones veredicto conclusiones conclusión opciones propuestas alternativas simulación cálculo calificaciones notas boletín estado expediente pliego minutas escritura escrituras nombre solución pdf fax acta actas dictamen peritaje valoración análisis resultados analítica radiografías planos plano propuesta borrador listado extracto certificación comprobante boleta boletas nómina póliza catálogo tarifas tarifa precio precios desglose resolución novedades respuestas aviso avisos nota notificación fotos foto horario itinerario credenciales clave respuesta mensaje noticias correo correos email e-mail mail enlace confirmación presupuesto factura contrato informe documento documentos información detalles carta datos actualización oferta etiqueta formulario explicación justificante instrucciones contestación resultado sms copia código decisión resumen certificado contraseña lista cita guía seguimiento contacto link cotización documentación recibo
        Refund: abono abonos anticipo señal sobrecoste excedente costo coste valor vuelto consignación garantía indemnizaciones reembolsos cobro cobros mensualidad matrícula arriendo alquiler euros euro € pesos dólares soles $ fianza depósito indemnización compensación diferencia saldo sobrante cuota cuotas tasa tasas porte portes cargo cargos comisión plata sobrepago bonificación reembolso dinero importe abono cantidad monto gastos reintegro crédito transferencia
        Visit: muchacho muchachos muchacha chico chicos chica maestro maestra cuadrillas señor sobrino hijo hermano primo marido cuñado tío papá socio doctor doctora auxiliar cuidadora asistente antenista persianero cerrajera deshollinador tapicero tapicera lampista frigorista ascensorista socorrista afinador luthier mudanceros fisio podóloga podólogo matrona pediatra notario procurador abogada tutora tutor profesor profesora monitor monitora animador guardia vigilante bedel conserje plomera albañiles pintores electricistas fontaneros carpinteros jardineros techador jardinero jardinera pintor pintora carpintero carpintera cristalero vidriero albañil arquitecto arquitecta aparejador tasador tasadora veterinario veterinaria enfermera enfermero médico médica fisioterapeuta fumigador exterminador gasista calefactor limpiadora limpiador cuadrilla brigada compañero compañera compañeros comercial asesor asesora supervisor supervisora encargado encargada inspector inspectora operaria operarios técnicos especialista personal revisor conserje instaladora instaladores topógrafo agente inspección revisión montador montadores soldador herrero reparador colega técnico técnica instalador fontanero electricista visita operario perito cerrajero ingeniero mecánico plomero
        Delivery: pupitres pupitre pizarrón pizarrones cuadernos libretas butano leña pellets carbón grava semillas plantones árbol árboles rosas ramos centro jarrón vajilla copas platos cubertería cubiertos mantel manteles sábanas toallas edredón almohada almohadas manta mantas ropa chaqué esmoquin faja velo pulsera collar anillo anillos alianza alianzas pendientes cadena sortija medalla placas marco marcos álbum álbumes foto-lienzo lienzo impresos tarjetas rollo rollos plotter lona lonas rótulo cartel folleto pegatinas etiquetas sello bolígrafos tazas pan panes empanadas comida menú menús paella jamón queso quesos huevos leche frutas fruta naranjas aceite botellas botella barril barriles hielo cordero lechal pollo pavo pavos marisco croquetas bizcocho magdalenas dulces turrón bombones café pienso saco sacos jaula pecera reactivos reactivo muestrario tubos tubo válvula junta bomba depósito-de-gasoil gasoil gasóleo gas bombonas cilindros extintor extintores andamio andamios escalera escaleras hormigonera generador taladro sierra podadora cortacésped desbrozadora dron impresoras cartuchos pilas disco memoria-usb pendrive cable cables mando decodificador antena sim chip módem switch servidor ordenadores portátiles tablets móviles funda mochila maletas baúl patinete casco cascos tabla esquís raquetas balón camiseta camisetas chándal equipación silla-de-ruedas andador cabestrillo férula plantilla plantillas prótesis lentillas vacuna vacunas jarabe crema colirio pañales sillita cuna trona muñeca peluche colchón cama armario estantería caldera lavavajillas congelador horno secadora tostadora batidora tableta pantalla monitor teclado ratón auriculares altavoz tele televisor televisión consola cámara gafas lentes anteojos cristales montura reloj vestido traje abrigo camisa pantalón zapatos botas campera chaqueta bolso maleta equipaje juguete juguetes instrumento guitarra piano violín neumático neumáticos llanta llantas rueda ruedas freno bicicleta bici moto cochecito planta plantas flores ramo corona tarta torta pastel vino cerveza carne pescado cesta cestas verduras tierra arena azulejos madera tablero puerta puertas ventana ventanas cortina cortinas persiana alfombra pintura grifo lavabo ducha bomba radiador cilindro manguera cartucho tóner papel pasaporte permiso carnet carné medicamento medicamentos medicina medicación pastillas audífono muletas silla sillas uniforme uniformes trofeo carteles folletos invitaciones sobres caja cajas contenedor camión carga mercadería existencias motor placa sensor alarma cerradura herramienta herramientas kit coche carro auto vehículo libros entradas boletos cuadro muestras bulto bultos encomienda paquetes pedidos piezas repuestos heladera celular móvil portátil laptop ordenador computadora garrafa bombona toldo mampara paquete entrega aparato pedido repuesto pieza piezas artículo artículos cargador hervidor mesa nevera regalo conductor repartidor mensajero devolución envío producto productos recogida máquina tornillos tarjeta llave llaves lámpara impresora silla sofá filtro batería libro equipo sustituto dispositivo recambio router refrigerador muestra mercancía mueble transportista reemplazo lavadora electrodoméstico adaptador
        """;

    // What a verb promises beside certain words. Read by Romance.
    const string IdiomTable = """
        Call: localizar/alcanzar teléfono/móvil/celular | hacer llamada/llamadas/llamadita/telefonazo/toque | poner al_teléfono | hablar teléfono/viva_voz/telefónicamente/móvil | conversar teléfono/viva_voz | dar/echar/pegar toque/timbrazo/telefonazo/llamada/llamadita/llamado/ring/un_grito | marcar le/te/les/os/número | coger/levantar teléfono | contactar/comunicar/explicar viva_voz | realizar llamada | devolver llamada
        Visit: tocar timbre | plantar me/nos/allí/ahí | arrimar me/nos/allí/ahí | subir/bajar a_verlo/a_verla/a_ver/a_mirarlo/a_mirar/a_revisar/a_su_piso/a_tu_piso/a_su_casa/yo_mismo/yo_misma | hacer visita/visitas | dejar caer | dar/pegar vuelta/salto_por/salto_a/salto_hasta en_su/por_su/por_tu/por_ahí/por_allí/a_su/hasta_su/casa/domicilio | enviar/mandar >alguien/compañero/compañera/gente/persona | subir/bajar >$Visit | tener ahí/allí/en_su_casa/en_casa/en_la_puerta $Visit | quedar en_su/en_tu/en_su_casa
        Delivery: poner a_la_puerta/en_la_puerta/en_su_puerta/en_el_correo/en_correos/al_correo/en_camino/en_el_buzón/en_ruta/en_reparto/en_el_camión/en_sus_manos/en_casa/en_su_casa | echar al_correo/al_buzón/a_correos | meter en_el_camión/en_el_buzón/en_el_paquete/en_el_envío/en_la_furgoneta | dejar portería/recepción/conserjería/buzón/mostrador/portero/conserje/en_la_puerta/en_casa/en_su_casa/al_vecino/a_la_vecina $Delivery | pasar/ir/venir/volver/acercar a_por/a_recoger/a_buscar/a_retirar | tener/finish/estar para_recoger/para_recogida/para_retirar/para_que_lo_recoja/para_que_la_recoja/de_recoger/para_entrega/para_recoger | finish disponible/disponibles/disposición $Delivery | hacer entrega/envío/reparto/despacho/recogida/el_porte | cargar camión/furgoneta | salir camión/furgoneta/reparto/ruta
        Refund: finish reembolso/devolución/transferencia/abono/reintegro | ordenar/cursar/autorizar devolución/reembolso | hacer abono/reembolso/devolución/transferencia/ingreso/descuento/bizum/nota_de_crédito/nota_de_abono/vale/bonificación/reintegro/rebaja | poner/meter dinero/importe/plata/saldo | quitar/sacar/rebajar >euros/pesos/dólares/soles/€ | correr gasto/gastos/coste/costes/importe/factura | dar vale/dinero | aplicar descuento/bonificación/rebaja/abono | recuperar $Refund
        Answer: finish disponible/disposición $Answer | tener al_corriente/al_tanto/informado/informada | poner le/te/les/os al_día | poner líneas/letras/correo/mensaje/mail/email/sms/whatsapp/wasap/por_escrito/al_corriente/al_tanto/en_contacto/en_copia | pegar/echar/tirar correo/mensaje/mail/whatsapp/wasap | dejar mensaje/nota/$Answer le/te/les/os/bandeja/correo/por_escrito | volver/regresar respuesta/noticias/información/solución/novedades | subir carpeta/portal/web/plataforma/nube/drive/área/aplicación | resolver/despejar/solucionar duda/dudas/consulta/por_escrito | pasar números/cifras/datos/teléfono/link/detalles/precio/precios/ubicación/fotos/foto | sacar de_dudas | dar detalles/información/noticias/novedades/respuesta/fecha/contestación/explicaciones/explicación/luces | hacer saber/llegar_por_correo/llegar_por_mail/llegar_por_escrito
        Other: pasar cita/reserva/turno/hora | dar de_alta/de_baja/solución/curso/prioridad/trámite/salida_a_su/hora/cita | poner en_marcha/a_punto/remedio/solución/orden/en_orden/fin/al_día/manos/cartas | echar mano/cable | tomar cartas/medidas | meter mano/prisa | hacer cambio/ajuste/corrección/reparación/seguimiento/hueco/reserva/arreglo/revisión/gestión/trámite/necesario/cambios/gestiones/copia_de_seguridad | abrir incidencia/ticket/expediente/reclamación | tener a_punto/al_día/en_marcha | subir de_categoría/de_nivel/potencia/velocidad
        None: tomar nota/nota_de | hacer ilusión/gracia/falta/caso/mención | poner disculpas/excusas | quedar disposición/espera/atento/atentos/atenta/pendientes/pendiente | estar disposición/pendiente/pendientes | tener razón/derecho/duda/dudas/en_cuenta/constancia/claro | entrar vigor | dar pena/vergüenza/rabia | venir bien/mal | ir bien/mal
        """;

    // infinitive[:future stem[:yo[:él[:participle[:subjunctive]]]]]; what is left out is regular.
    static readonly (VerbKind Kind, string Verbs)[] VerbTable =
    [
        (VerbKind.Call, "discar llamar telefonear marcar timbrar rellamar"),
        (VerbKind.Answer, "reportar contar:contar:cuento:cuéntase escanear:escanear:escaneo:escanea whatsappear wasapear trasladar anunciar precisar orientar asesorar mensajear textear indicar detallar aclarar decir:dir:digo:dice:dicho:diga adelantar enseñar mostrar:mostrar:muestro:muestra responder contestar escribir:escribir:escribo:escribe:escrito informar avisar notificar contactar confirmar comunicar explicar"),
        (VerbKind.Visit, "visitar acudir personar desplazar presentar apersonar inspeccionar peritar"),
        (VerbKind.Delivery, "expedir:expedir:expido:expide surtir alcanzar servir:servir:sirvo:sirve dispensar repartir suministrar recolectar fletar llevar traer:traer:traigo:trae:traído:traiga acercar bajar subir despachar buscar acarrear transportar recolectar partir embarcar distribuir:distribuir:distribuyo:distribuye entregar recoger:recoger:recojo:recoge:recogido despachar expedir repartir salir:saldr:salgo:sale:salido:salga llegar:llegar:llego:llega:llegado:llegue retirar reenviar:reenviar:reenvío:reenvía"),
        (VerbKind.Refund, "reversar descontar:descontar:descuento:descuenta deducir:deducir:deduzco:deduce consignar extornar liquidar sufragar regresar subvencionar restituir:restituir:restituyo:restituye bonificar acreditar retornar resarcir indemnizar pagar transferir:transferir:transfiero:transfiere girar depositar retribuir:retribuir:retribuyo:retribuye reembolsar abonar devolver:devolver:devuelvo:devuelve:devuelto:devuelva reintegrar compensar ingresar"),
        (VerbKind.Send, "compartir transmitir publicar difundir colgar:colgar:cuelgo:cuelga proporcionar suministrar proveer reexpedir:reexpedir:reexpido:reexpide enviar:enviar:envío:envía:enviado:envíe mandar remitir facilitar"),
        (VerbKind.Get, "recibir obtener:obtendr:obtengo:obtiene:obtenido:obtenga"),
        (VerbKind.Light, "tener:tendr:tengo:tiene:tenido:tenga dar:dar:doy:da:dado:dé hacer:har:hago:hace:hecho:haga realizar dejar disponer:dispondr:dispongo:dispone:dispuesto:disponga"),
        (VerbKind.Arrange, "ordenar autorizar:autorizar:autorizo:autoriza cursar aplicar redactar elaborar imprimir:imprimir:imprimo:imprime:impreso confeccionar solicitar iniciar comenzar:comenzar:comienzo:comienza empezar:empezar:empiezo:empieza completar tramitar procesar gestionar organizar programar emitir preparar efectuar reservar proceder agendar concertar encargar"),
        (VerbKind.Come, "aparecer:aparecer:aparezco:aparece figurar caer:caer:caigo:cae:caído:caiga entrar viajar arrimar venir:vendr:vengo:viene:venido:venga pasar ir:ir:voy:va:ido:vaya volver:volver:vuelvo:vuelve:vuelto:vuelva"),
        (VerbKind.Check, "indagar controlar medir:medir:mido:mide probar:probar:pruebo:prueba chequear evaluar:evaluar:evalúo:evalúa contrastar cotejar repasar rastrear comprobar:comprobar:compruebo:comprueba revisar investigar:investigar:investigo:investiga examinar verificar estudiar analizar consultar preguntar hablar averiguar mirar"),
        (VerbKind.Other, "sumar elevar correr meter tomar rebajar apartar guardar separar retener:retendr:retengo:retiene bloquear poner:pondr:pongo:pone:puesto:ponga asumir costear regalar obsequiar rehabilitar restaurar remozar blindar impermeabilizar aislar:aislar:aíslo:aísla encolar engomar lacar decapar enlucir enyesar alicatar embaldosar entarimar acuchillar encerar abrillantar desincrustar descalcificar desazolvar desaguar drenar achicar bombear ventear fregar:fregar:friego:friega barrer baldear recortar perfilar trasplantar regar:regar:riego:riega sembrar:sembrar:siembro:siembra plantar injertar vacunar esterilizar operar curar peinar teñir:teñir:tiño:tiñe maquillar tatuar:tatuar:tatúo:tatúa fotografiar:fotografiar:fotografío:fotografía digitalizar archivar destruir:destruir:destruyo:destruye anonimizar cifrar encriptar sincronizar parchear desplegar:desplegar:despliego:despliega desbloquear recablear cablear empalmar soterrar señalizar balizar precintar desprecintar numerar catalogar encuadernar plastificar troquelar prensar moldear fundir forjar templar cromar galvanizar niquelar esmaltar barnizar tornear fresar taladrar atornillar clavar remachar desatornillar desencajar encajar nivelar:nivelar:nivelo apuntalar cimentar enderezar amortiguar endosar avalar visar compulsar legalizar apostillar protocolizar inmatricular matricular empadronar censar colegiar indultar exonerar conmutar permutar intercambiar recambiar rebalancear balancear dividir:dividir:divido:divide fraccionar aplazar diferir:diferir:difiero:difiere posponer:pospondr:pospongo:pospone:pospuesto anticipar recalificar recontar:recontar:recuento:recuenta reevaluar:reevaluar:reevalúo:reevalúa reasignar reagendar reubicar realojar alojar hospedar desalojar evacuar ampliar:ampliar:amplío:amplía mejorar optimizar acelerar agilizar priorizar promover:promover:promuevo:promueve nombrar designar designar relevar desagraviar desmentir:desmentir:desmiento:desmiente denunciar querellar abrir:abrir:abro:abre:abierto acortar adaptar afinar agregar alargar alinear apretar:apretar:aprieto:aprieta asfaltar asignar atender:atender:atiendo:atiende aumentar barnizar bordar calibrar cargar coser cortar podar desactivar desatascar desinstalar desmontar desbrozar destapar depurar diagnosticar enderezar enmarcar ensamblar engrasar eximir fabricar fijar fumigar grabar habilitar inscribir:inscribir:inscribo:inscribe:inscrito incluir:incluir:incluyo:incluye incorporar levantar liberar lijar lubricar lavar migrar montar mover:mover:muevo:mueve normalizar pegar perdonar pintar planchar pulir purgar quitar recalcular recargar reconectar recuperar rediseñar reducir:reducir:reduzco:reduce reescribir:reescribir:reescribo:reescribe:reescrito reforzar:reforzar:refuerzo:refuerza regularizar reiniciar reinstalar rehacer:rehar:rehago:rehace:rehecho:rehaga reimprimir:reimprimir:reimprimo:reimprime:reimpreso reubicar revertir:revertir:revierto:revierte registrar rellenar remendar:remendar:remiendo:remienda reprogramar retapizar retocar revocar rotular sacar sanear sellar separar soldar:soldar:sueldo:suelda suspender talar tapar tapizar traducir:traducir:traduzco:traduce traspasar validar vaciar:vaciar:vacío:vacía zurcir colocar construir:construir:construyo:construye blanquear desinfectar apuntar aumentar canjear condonar conectar extender:extender:extiendo:extiende equilibrar enchufar ventilar reparar corregir:corregir:corrijo:corrige cambiar sustituir:sustituir:sustituyo:sustituye reemplazar cancelar anular arreglar restablecer:restablecer:restablezco:restablece activar desactivar resolver:resolver:resuelvo:resuelve:resuelto:resuelva solucionar cerrar:cerrar:cierro:cierra modificar instalar añadir actualizar eliminar configurar subsanar rectificar ocupar escalar ajustar reponer:repondr:repongo:repone:repuesto reactivar borrar prorrogar renovar limpiar derivar"),
        (VerbKind.Stop, "rogar:rogar:ruego:ruega evitar permitir sugerir:sugerir:sugiero:sugiere proponer:propondr:propongo:propone:propuesto aconsejar recomendar:recomendar:recomiendo:recomienda recordar:recordar:recuerdo:recuerda notar observar constatar constar ver:ver:veo:ve:visto comprender entender:entender:entiendo:entiende felicitar saludar asegurar garantizar prometer comprometer conocer:conocer:conozco:conoce reconocer:reconocer:reconozco:reconoce admitir ignorar dudar imaginar suponer:supondr:supongo:supone:supuesto presumir estimar juzgar encontrar:encontrar:encuentro:encuentra hallar resultar vivir morir:morir:muero:muere dormir:dormir:duermo:duerme trabajar funcionar figurar existir quedar:quedar:quedo:queda permanecer:permanecer:permanezco:permanece disfrutar merecer:merecer:merezco:merece poseer exigir:exigir:exijo:exige requerir:requerir:requiero:requiere depender pertenecer corresponder sufrir padecer perder:perder:pierdo:pierde ganar percibir oír:oir:oigo:oye escuchar leer disculpar olvidar temer prever:prever:preveo:prevé extrañar sorprender dudar rechazar aceptar cobrar facturar vender comprar habitar celebrar valer:valdr:valgo:vale llover faltar sobrar tocar apetecer interesar importar soler:soler:suelo:suele aspirar ofrecer:ofrecer:ofrezco:ofrece acabar usar utilizar ofertar caber:cabr:quepo:cabe valorar apreciar aprovechar insistir confiar:confiar:confío:confía coincidir dudar acostumbrar beneficiar pedir:pedir:pido:pide:pedido:pida ser estar:estar:estoy:está esperar intentar tratar poder:podr:puedo:puede querer:querr:quiero:quiere deber necesitar saber:sabr:sé:sabe ayudar agradecer lamentar sentir seguir procurar esforzar creer pensar desear tardar costar haber:habr:he:ha considerar gustar encantar parecer"),
    ];

    static readonly string[] Enclitics = ["selos", "selas", "selo", "sela", "les", "los", "las", "le", "lo", "la", "te", "os", "se"];

    public Spanish() : base(TimeTable, NounTable,
        joins: "y e pero o u",
        strangers: "marido esposo esposa suegra suegro hermana madre padre tren avión vuelo autobús bus barco correos aduana aduanas importador mayorista iberdrola endesa naturgy movistar vodafone orange enel telmex telefónica renfe iberia contraria perito juez juzgado abogado notaría registro catastro rectorado sepe inss tesorería dgt policial mutua colegio-oficial marca fábrica fabricantes proveedores aseguradoras bancos clientes vecinos distribuidor distribuidora comunidad-de-vecinos administrador operadora suministradora eléctrica mensajería-externa seur mrw gls servientrega banco fabricante seguro aseguradora cliente vecino proveedor policía propietario competencia gobierno ministerio ellos ellas microsoft google apple amazon paypal dhl ups fedex seur casero inquilino ayuntamiento tribunal hacienda",
        doubts: "imagino imaginamos calculo calculamos capaz deberíamos deberia deberian podriamos podria podrian podríamos tendría tendríamos sería serían llegaría vendría estaría enviaría quisiéramos gustaría intentaré procuraremos procuraré trataremos trataré aspiro prevemos estimamos estima prevé teóricamente lógicamente hipotéticamente salvo imprevisto imprevistos objetivo quizas quizá quizá ojalá probablemente posiblemente seguramente normalmente habitualmente generalmente eventualmente creo creemos pienso pensamos espero esperamos esperemos supongo supuestamente debería deberían podría podrían idealmente pretendemos confiamos confío aspiramos aparentemente previsiblemente suele suelen intentaremos",
        tails: "a más tardar|como muy tarde|como máximo|en punto|como tarde|máximo",
        reports: """
            usted indica|usted señala|usted refiere|usted comenta|usted cuenta|me pregunta|nos pregunta|nos comenta|nos cuenta|nos señala|su correo cita|cita a nuestro|cita usted|usted cita|le aseguró|le aseguraron|le comentaron|le había|le habíamos|le indicaron|se le dijo|se le prometió|nos asegura|nos asegura que|nos dice|nos dicen|me dicen|me dijeron|me confirmó|me aseguró|me informan|nos informan|había dicho|había prometido|quedamos en|decía que|usted escribió|escribió usted|usted dijo|dijo usted|nos dijo|nos ha dicho|nos dijeron|le dijeron|le dijo|nos asegura|indica que|nos informó|nos ha informado|nos confirmó|nos comunicó|según|afirma|dice que|dijo que|usted dice|usted afirma|me dijo|usted pidió|usted cree|usted pensaba|le prometieron|le escribimos|le dijimos|le prometimos|habíamos dicho|ha anunciado|escribió que|dijeron que|usted mencionó|nos indicó|usted preguntó|le habían|nos han dicho|le ha dicho
            """,
        frequent: "el la los las de del y que le su sus en un una por para con no es se lo nos al antes manana hoy gracias usted como mas ha a si",
        unsure: "imposible|con suerte|con un poco de suerte|a lo mejor|si todo va bien|si todo sale bien|dios mediante|primero dios|en teoría|de momento no|no prometo|no prometemos|no le prometo|no me comprometo|no podemos asegurar|no puedo asegurar|no aseguramos|no garantizamos|dentro de lo posible|en la medida de lo posible|en lo posible|haremos lo posible|haremos todo lo|vamos a intentar|vamos a tratar|voy a intentar|voy a tratar|se prevé|se espera|se estima|se calcula|hay posibilidad|hay posibilidades|cabe la posibilidad|no es seguro|no está claro|sin compromiso|cruzamos los dedos|veremos si|vamos viendo|tendría que|debería de|ha de ser|nuestra intención|la intención es|me gustaría|ya me gustaría|lo ideal|lo normal es|lo habitual|lo más probable|todo apunta|dicen que|parece que|corresponde a|depende de|puede que|puede ser|es posible|es probable|tal vez|a lo mejor|a ver si|sin garantía|no puedo garantizar|no se lo puedo|nos gustaría|la idea es|igual le|si dios quiere|lo posible|todo lo que podamos|en principio|está previsto|por lo general|tenemos previsto|por regla",
        habits: "mensualmente anualmente sistemáticamente ordinariamente costumbre cada siempre todos todas suele suelen habitualmente normalmente diariamente semanalmente", idioms: IdiomTable)
    {
        foreach (var (kind, line) in VerbTable)
            foreach (var said in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var p = said.Split(':');
                var infinitive = p[0];
                if (infinitive.Contains('-', StringComparison.Ordinal))
                    continue;
                var ar = infinitive.EndsWith("ar", StringComparison.Ordinal);
                var ir = infinitive.EndsWith("ir", StringComparison.Ordinal);
                var root = infinitive[..^2];
                var future = p.Length > 1 ? p[1] : infinitive;
                var yo = p.Length > 2 ? p[2] : root + "o";
                var third = p.Length > 3 ? p[3] : root + (ar ? "a" : "e");
                var participle = p.Length > 4 ? p[4] : root + (ar ? "ado" : "ido");
                var subjunctive = p.Length > 5 ? p[5] : yo[..^1] + (ar ? "e" : "a");
                void Put(string word, VerbForm form) => Add(word, new(infinitive, kind, form, null));
                Put(infinitive, VerbForm.Infinitive);
                Put(future + "é", VerbForm.FutureFirst);
                Put(future + "emos", VerbForm.FutureFirst);
                // Typed without its accent; as a past subjunctive of the third person it stands behind "que" or "si".
                if (!infinitive.EndsWith("ir", StringComparison.Ordinal) || infinitive.Length > 4)
                    Put(future + "e", VerbForm.FutureFirst);
                Put(future + "á", VerbForm.FutureThird);
                Put(future + "án", VerbForm.FutureThird);
                Put(yo, VerbForm.First);
                Put(root + (ar ? "amos" : ir ? "imos" : "emos"), VerbForm.First);
                Put(third, VerbForm.Third);
                Put(third + "n", VerbForm.Third);
                Put(future + "ás", VerbForm.FutureYou);
                Put(future + "éis", VerbForm.FutureYou);
                if (kind is VerbKind.Get or VerbKind.Light)
                    Put(third + "s", VerbForm.You);
                Put(subjunctive, VerbForm.Subjunctive);
                foreach (var ending in (ReadOnlySpan<string>)["o", "a", "os", "as"])
                    Put(participle[..^1] + ending, VerbForm.Participle);
            }
        foreach (var (word, form) in new[] { ("vamos", VerbForm.First), ("van", VerbForm.Third) })
            Add(word, new("ir", VerbKind.Come, form, null));
    }

    public override string Code => "es";

    protected override HashSet<string> We { get; } = Set("nosotros nosotras yo");
    protected override HashSet<string> You { get; } = Set("usted ustedes tú vosotros vos");
    protected override HashSet<string> Us { get; } = Set("nos me");
    protected override HashSet<string> Between { get; } = Set("enseguida luego pronto después ahora sí gratuitamente gratis íntegramente totalmente completamente nuevamente automáticamente le les lo la los las te os se también ya a de entonces inmediatamente directamente personalmente mismo misma nosotros yo");
    protected override string[][] Ahead { get; } = Phrases("personalmente|en persona|yo mismo|yo misma|él mismo|ella misma|la víspera|el mismo día|por supuesto|en la próxima|en el próximo|en su próximo|en su próxima|próxima factura|próximo recibo|próxima cuota|próxima mensualidad|siguiente factura|siguiente recibo|lo antes posible|cuanto antes|lo más pronto posible|tan pronto como podamos|a la mayor brevedad|con la mayor brevedad|en breve|en seguida|enseguida|ahorita|ahora mismo|de inmediato|inmediatamente|ya mismo|al tiro|al toque|sin coste|sin costo|sin cargo|sin costo alguno|gratis|gratuitamente|de balde|por nuestra cuenta|a nuestro cargo|a nuestra costa|de nuestra parte|de mi parte|de parte nuestra|corre de nuestra|por transferencia|nosotros mismos|sin demora|sin falta|por cortesía|con urgencia|urgentemente|pronto|próximamente|en cuanto podamos|en cuanto pueda|ahora|nomás|prometido|de una|a la brevedad|prontito|en un ratito|en un rato|al ratito|en un momentito|en un momento");

    protected override HashSet<string> Courtesies { get; } = Set("saludo saludos abrazo abrazos beso besos gracias disculpa disculpas perdón condolencias pésame enhorabuena felicitación felicitaciones agradecimiento bienvenida ánimo ánimos razón");

    protected override HashSet<string> Our { get; } = Set("nuestro nuestra nuestros nuestras mi mis nuestras");

    protected override bool ToRead(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (s.Word(i) is "email" or "e-mail" or "mail" or "sms" or "whatsapp" or "wasap" or "guasap" or "bandeja" or "correo-e" or "portal" or "intranet" or "app" or "aplicacion" or "fax" || s.Word(i) is "correo" && (s.Word(i + 1) is "electronico" || s.Word(i - 1) is "su" or "tu" or "al" or "el" && FirstNoun(s, from, i) is not PromiseKind.Delivery && s.Word(i + 1) is not ("postal" or "certificado" or "ordinario")) || s.Word(i) is "carpeta" or "sede" && s.Word(i + 1) is "ciudadana" or "electronica" || s.Word(i) is "area" or "zona" or "perfil" or "espacio" && s.Word(i + 1) is "de" or "personal" or "privada" or "cliente" or "clientes" || s.Word(i) is "por" && s.Word(i + 1) is "escrito" or "mensaje" or "chat")
                return true;
        return false;
    }

    protected override bool ObjectBefore(SentenceView s, int at) => s.Word(at - 1) is "le" or "les" or "te" or "os" or "se" || s.Word(at - 1) is "lo" && s.Word(at - 2) is not ("de" or "por" or "a" or "en" or "con") || s.Word(at - 1) is "lo" or "la" or "los" or "las" && s.Word(at - 2) is "se" or "te" or "os" or "me";

    static readonly HashSet<string> NoVerb = Set("tramos extremos ramos ultimos proximos mismos terminos minimos maximos supremos animos gramos kilogramos primos racimos seremos estaremos optimos pesimos intimos legitimos anonimos tremos vamos somos estamos hemos habemos debemos hicimos dimos fuimos vinimos dijimos trajimos vimos pedimos tuvimos estuvimos pudimos supimos anduvimos condujimos tradujimos produjimos obtuvimos detuvimos pusimos podemos queremos tenemos sabemos creemos temos remos");

    protected override bool IsOwnPresent(SentenceView s, int at)
    {
        var raw = s.Raw(at);
        var word = s.Word(at);
        if (!s.IsFree(at) || raw.Length < 5 || NoVerb.Contains(word))
            return false;
        var prior = s.Word(at - 1);
        if (prior is "la" or "las" or "los" && raw[^1] == 'o' && raw.Length > 5 && raw is not ("radio" or "fotos") && !word.EndsWith("ado", StringComparison.Ordinal) && !word.EndsWith("ido", StringComparison.Ordinal) && !word.EndsWith("ndo", StringComparison.Ordinal))
            return true;
        var clitic = prior is "le" or "les" or "te" or "os" or "se" || prior is "lo" or "la" or "los" or "las" && s.Word(at - 2) is "se" or "te" or "os";
        if (word.EndsWith("amos", StringComparison.Ordinal) || word.EndsWith("emos", StringComparison.Ordinal) || word.EndsWith("imos", StringComparison.Ordinal))
            return !word.EndsWith("riamos", StringComparison.Ordinal) && !word.EndsWith("bamos", StringComparison.Ordinal) && !word.EndsWith("iamos", StringComparison.Ordinal) && !word.EndsWith("ramos", StringComparison.Ordinal) && !word.EndsWith("simos", StringComparison.Ordinal) && prior is not ("los" or "unos" or "de" or "sus" or "que" or "cuando" or "no");
        return clitic && prior is not "se" && raw[^1] == 'o' && !word.EndsWith("ado", StringComparison.Ordinal) && !word.EndsWith("ido", StringComparison.Ordinal) && !word.EndsWith("ando", StringComparison.Ordinal) && !word.EndsWith("endo", StringComparison.Ordinal);
    }

    protected override bool IsOtherFuture(string raw) => raw.Length > 6 && (raw.EndsWith("ará", StringComparison.Ordinal) || raw.EndsWith("erá", StringComparison.Ordinal) || raw.EndsWith("irá", StringComparison.Ordinal) || raw.EndsWith("arán", StringComparison.Ordinal) || raw.EndsWith("erán", StringComparison.Ordinal) || raw.EndsWith("irán", StringComparison.Ordinal));

    protected override int InfinitiveOf(SentenceView s, int at, VerbEntry verb)
    {
        if (verb.Verb is not ("proceder" or "empezar" or "comenzar" or "pasar" or "volver" or "ir" or "venir" or "hacer" or "entrar" or "salir"))
            return -1;
        var i = at + 1;
        if (verb.Verb is "hacer")
            return Find(s, i, VerbForm.Infinitive) is { Kind: not VerbKind.Stop } ? i : -1;
        while (i < at + 4 && (Between.Contains(s.Word(i)) && s.Word(i) is not "a" || i < s.Count && !s.IsFree(i)) && s.Word(i) is not ",") i++;
        if (s.Word(i) is not "a")
            return -1;
        return Infinitive(s, i + 1) is { Kind: not VerbKind.Stop } purpose && (verb.Kind != VerbKind.Come || verb.Verb is "volver" || purpose.Kind is VerbKind.Delivery or VerbKind.Send or VerbKind.Call or VerbKind.Answer or VerbKind.Refund) ? i + 1 : -1;
    }

    /// <summary>"Reinstalar", "reprogramar": as the verb they repeat.</summary>
    protected override VerbEntry[] Derived(string word) =>
        word.Length > 7 && word.StartsWith("re", StringComparison.Ordinal) && VerbsOf(word[2..]) is { Length: > 0 } known && known[0].Kind != VerbKind.Stop && known[0].Verb.Length > 4 ? known : [];

    static readonly HashSet<string> NoPerson = Set("manera primera primero frontera cartera escalera caldera nevera acera espera dinero enero febrero numero tablero fichero ordenador contador comedor ascensor valor error color motor televisor lavadora secadora impresora computadora heladera madera bandera carretera calendario horario formulario salario inventario escenario diario itinerario comentario necesario vocabulario lista vista pista revista entrevista autopista conquista usuario propietario beneficiario destinatario titular cargador ordenadora calculadora batidora tercera tercero entero entera cualquiera hora ahora demora mejora mayor menor mejor peor interior exterior anterior posterior servidor procesador monitor router refrigerador congelador ventilador calefactor radiador transformador generador regulador medidor interruptor receptor emisor proyector lector tambor sabor dolor calor vapor favor rumor deudor acreedor aseguradora operadora suministradora distribuidora administrador proveedor distribuidor importador consumidor comprador sector tractor factor cristalera papelera jornalera otoñera cafetera tetera regadera cremallera pulsera cabecera ladera litera bañera trasera delantera agujero sombrero cajero enero tintero llavero basurero letrero sendero secadero cordero ternera extranjero viajero pasajero pasajera temporada sera era fuera");

    protected override PromiseKind? NounPart(SentenceView s, int at)
    {
        var word = s.Word(at);
        if (word.Length < 6 || !s.IsFree(at) || NoPerson.Contains(word) || s.Word(at - 1) is not ("nuestro" or "nuestra" or "nuestros" or "nuestras" or "un" or "una" or "el" or "la" or "mi" or "los" or "las"))
            return null;
        foreach (var ending in (ReadOnlySpan<string>)["ero", "era", "eros", "eras", "ista", "istas", "dor", "dora", "dores", "doras", "ario", "aria", "arios", "logo", "loga", "metra", "tor", "tora", "tores"])
            if (word.EndsWith(ending, StringComparison.Ordinal))
                return PromiseKind.Visit;
        return null;
    }

    protected override PromiseKind? Appointment(SentenceView s, int at) => s.Word(at) switch
    {
        "visita" or "intervencion" => PromiseKind.Visit,
        "retirada" or "recoleccion" or "entrega" or "recogida" or "reparto" or "envio" or "despacho" => PromiseKind.Delivery,
        "llamada" => PromiseKind.Call,
        "reembolso" or "devolucion" or "abono" or "reintegro" => PromiseKind.Refund,
        "respuesta" => PromiseKind.Answer,
        _ => null,
    };

    /// <summary>"La noche de hotel", "tarde o temprano" say no time.</summary>
    public override bool IsNoTime(List<Token> tokens, SaidTime said) => said.SaysOnlyDay && said.Last - said.First <= 1 && (tokens[said.First].Word == "los" || said.First > 0 && tokens[said.First - 1].Word == "los") ||
        said.Part is not null && said.At is null && said.Day is null && tokens[said.Last].Word is "noche" or "tarde" or "temprano" or "almuerzo" or "cerrar" && (said.First == said.Last ? said.First > 0 && tokens[said.First - 1].Word is "la" or "una" or "más" or "mas" or "llego" or "muy" or "tan" : tokens[said.First].Word is "la")
        && said.Last + 1 < tokens.Count && tokens[said.Last + 1].Word is not ("." or ",");

    protected override HashSet<string> Not { get; } = Set("no nunca jamás tampoco ningún ninguna nadie nada");
    protected override HashSet<string> Pledges { get; } = Set("comprometo comprometemos prometo prometemos garantizo garantizamos");
    protected override HashSet<string> Subordinate { get; } = Set("cómo cuándo dónde porqué");
    protected override HashSet<string> Done { get; } = Set("adjunto adjunta adjuntos adjuntamos");
    protected override string That => "que";

    public override bool HoursAreDurations => true;

    public override bool IsOrdinal(string word) => word is "º" or "ª";

    public override bool IsArticle(string word) => word is "un";

    public override bool OrdinalIsDay(List<Token> tokens, int at) => NumberIsDay(tokens, at);

    public override bool NumberIsDay(List<Token> tokens, int at) => at > 0 && tokens[at - 1].Word is "el" or "dia" or "al" && (at + 1 >= tokens.Count || tokens[at + 1].Word is not ("%" or "€" or ":" or "h"));

    protected override HashSet<string> Own { get; } = Set("taller almacen bodega deposito tienda laboratorio obrador vivero nuestro nuestra nuestros nuestras su sus tu tus le les te os companero companera colega don dona senor senora alguien equipo mi");
    protected override HashSet<string> They { get; } = Set("ellos ellas");

    protected override bool IsNow(string word) => word is "está" or "están" or "esta" or "estan" or "queda" or "quedan";

    protected override bool AtTheirs(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (s.Word(i) is "casa" or "domicilio" or "puerta" or "ahi" or "alli" || s.Word(i) is "en" or "con" or "a" && s.Word(i + 1) is "su" or "tu" or "usted" or "ustedes" or "vuestra" or "vuestro")
                return true;
        return false;
    }

    public override int OrdinalWord(string word) => word is "primero" ? 1 : 0;

    protected override bool? Goes(string word) => word switch { "voy" or "vamos" => true, "va" or "van" => false, _ => null };

    protected override bool? WillBe(string word) => word switch { "será" or "serán" or "quedará" or "sera" or "seran" or "quedara" or "estara" or "estaran" or "quedarán" or "estará" or "estarán" => false, _ => null };

    protected override int InfinitiveAfter(SentenceView s, int at)
    {
        var i = at + 1;
        if (s.Word(i) is not ("a" or "con"))
            return -1;
        i++;
        return i < s.Count && IsInfinitive(Bare(s.Raw(i))) ? i : -1;
    }

    protected override bool IsInfinitive(string raw) => raw.Length > 2 && (raw.EndsWith("ar", StringComparison.Ordinal) || raw.EndsWith("er", StringComparison.Ordinal) || raw.EndsWith("ir", StringComparison.Ordinal) || raw.EndsWith("ír", StringComparison.Ordinal));

    /// <summary>An infinitive without the pronouns it carries: "enviárselo".</summary>
    static string Bare(string raw)
    {
        foreach (var enclitic in Enclitics)
            if (raw.Length > enclitic.Length + 3 && raw.EndsWith(enclitic, StringComparison.Ordinal))
            {
                var root = raw[..^enclitic.Length];
                var end = root[^2..] switch { "ár" => "ar", "ér" => "er", "ír" => "ir", var same => same };
                if (end is "ar" or "er" or "ir")
                    return root[..^2] + end;
            }
        return raw;
    }

    protected override VerbEntry? Infinitive(SentenceView s, int at)
    {
        if (Find(s, at, VerbForm.Infinitive) is { } verb)
            return verb;
        if (!s.IsFree(at) || s.Raw(at).Length < 5)
            return null;
        foreach (var entry in VerbsOf(Bare(s.Raw(at))))
            if ((entry.Form & VerbForm.Infinitive) != 0)
                return entry;
        return null;
    }

    protected override bool MakesSure(SentenceView s, int at) => s.Word(at) is "asegurare" or "aseguraremos" or "encargare" or "encargaremos" && s.Word(at + 1) == "de" && s.Word(at + 2) == "que" || s.Word(at) is "asegurare" or "aseguraremos";

    protected override bool IsOwnFuture(string raw) => raw.Length > 6 && (raw.EndsWith("aremos", StringComparison.Ordinal) || raw.EndsWith("eremos", StringComparison.Ordinal) || raw.EndsWith("iremos", StringComparison.Ordinal) || raw.EndsWith("aré", StringComparison.Ordinal) || raw.EndsWith("eré", StringComparison.Ordinal) || raw.EndsWith("iré", StringComparison.Ordinal));

    protected override bool IsAmbiguousPast(string raw) => raw.EndsWith("amos", StringComparison.Ordinal) || raw.EndsWith("imos", StringComparison.Ordinal);

    protected override bool Has(VerbEntry entry) => entry.Verb is "tener" or "disponer";

    protected override bool IsFirst(SentenceView s, int at)
    {
        // "por la tarde paso", not "el envío", "importe completo", "paso a paso".
        foreach (var entry in VerbsAt(s, at))
            if ((entry.Form & VerbForm.First) != 0)
                return !s.Raw(at).EndsWith('o') || (at == s.SegmentAt(at).Start || s.Tokens[at - 1].IsMark) && !(Named(s.Word(at)) && !s.Times.Exists(t => t.Last == at - 1 || t.First == at + 1)) || !s.IsFree(at - 1) || s.Word(at - 1) is "le" or "les" or "te" or "os" or "yo" or "ya" or "ahora" or "también" or "tambien" or "y" or "e" or "entonces" or "luego" or "después" or "despues" or "mismo" or "ahorita" or "mismito" or "asi" or "si" or "no" or "pues" or "nomas" or "personalmente" or "gustosamente" or "enseguida" or ":" or "•" or "-" || s.Word(at - 1).EndsWith("mente", StringComparison.Ordinal) || s.Word(at - 1) is "lo" or "la" or "los" or "las" && Noun(s, at) is null && !Named(s.Word(at)) || s.Word(at - 1) is "la" or "las" or "los" && s.Raw(at).EndsWith('o') && s.Raw(at) is not ("radio" or "foto") || s.Word(at - 1) is "se" or "me" && entry.Kind is not VerbKind.Stop || s.Word(at - 1) is "lo" or "la" or "los" or "las" && s.Word(at - 2) is "se" or "te" or "os";
        return false;
    }

    /// <summary>Forms of I that are nouns as well.</summary>
    static bool Named(string word) => word is "monto" or "pago" or "envio" or "paso" or "cargo" or "cobro" or "cambio" or "arreglo" or "abono" or "reembolso" or "reintegro" or "deposito" or "ingreso" or "retiro" or "giro" or "reparto" or "registro" or "ajuste" or "corte" or "uso" or "aviso" or "adelanto" or "presupuesto" or "informe" or "contacto" or "anuncio" or "saldo" or "recibo" or "bajo" or "completo" or "limpio" or "separado" or "seguro" or "medio" or "trabajo" or "proyecto" or "traslado" or "despacho" or "retorno" or "descuento" or "recuento" or "pedido" or "libro" or "apunto" or "desglose" or "acuerdo" or "plazo" or "modelo" or "cuento";

    protected override bool YouIsObject(SentenceView s, int at) => false;

    protected override bool IsThird(SentenceView s, int at) => IsOurs(s, at) && (ObjectBefore(s, at) || s.Word(at + 1) is "usted" or "ustedes" || HasSubject(s, at));

    /// <summary>Somebody or something is named before the verb, or right behind it; else it may be an imperative.</summary>
    bool HasSubject(SentenceView s, int at)
    {
        if (s.Word(at) is "cae" or "caen" or "viaja" or "viajan" or "sale" or "salen" or "llega" or "llegan" or "parte" or "parten" or "viene" or "vienen")
            return true;
        var start = s.SegmentAt(at).Start;
        for (var i = at - 1; i >= start; i--)
        {
            if (!s.IsFree(i) || !s.Tokens[i].IsWord)
                continue;
            if (Our.Contains(s.Word(i)) || Noun(s, i) is not null || s.Tokens[i].Capital || s.Word(i) is "el" or "la" or "los" or "las" or "un" or "una" or "su" or "sus" or "tu" or "tus")
                return true;
        }
        var next = at + 1;
        while (next < at + 4 && next < s.Count && (!s.IsFree(next) || s.Word(next) is "para" or "a" or "hasta" or "de" or "desde")) next++;
        return s.Word(next) is "nuestro" or "nuestra" or "nuestros" or "nuestras" or "mi" or "un" or "una" or "el" or "los" or "las" or "la" || s.IsFree(next) && s.Tokens[next].Capital;
    }

    public override bool IsCondition(SentenceView s, int at)
    {
        var next = s.Word(at + 1);
        var before = s.Word(at - 1);
        return s.Raw(at) switch
        {
            "si" => !IsAsking(s, at) && before is not ("como" or "por"),
            "cuando" when next is "quiera" or "quieras" or "guste" or "gustes" or "quieran" or "queráis" or "puedas" or "pueda" or "usted" or "tú" => false,
            "cuando" when OwnStep(s, at + 1) => false,
            "cuando" or "salvo" => true,
            "cuanto" => before == "en" && !OwnStep(s, at + 1) && next is not "a" && next is not "podamos" && next is not "sea" && next is not "me",
            "vez" => before == "una" && next is not ("mas" or "," or "." or "") && s.Word(at - 2) is not "otra",
            "pronto" => before == "tan" && next == "como" && s.Word(at + 2) is not ("sea" or "podamos" or "pueda" or "nos"),
            "siempre" => next is "que" or "y",
            "caso" => before is "en" && next is "de" || before is "en" && next == "contrario" || before is "de" && next == "que",
            "condición" => before is "a" or "con" or "la",
            "menos" => before == "a" && next == "que",
            "previo" or "previa" or "mediante" when next is "pago" or "envío" or "recepción" => true,
            "supuesto" => before is "el" && next is "de",
            "recepción" => before is "la" && s.Word(at - 2) is "tras",
            "tras" or "después" => s.Word(at + (s.Raw(at) == "tras" ? 1 : 2)) is "recibir",
            "mientras" => next is "que" or "no",
            "contrario" => before is "lo" && s.Word(at - 2) is "de",
            "recibamos" or "reciba" => before is "que" && s.Word(at - 2) is "vez",
            _ => false,
        };
    }

    /// <summary>"En cuanto termine", "cuando lo sepa": up to us.</summary>
    static bool OwnStep(SentenceView s, int at) => s.Word(at) is "termine" or "terminemos" or "acabe" or "acabemos" or "sepa" or "sepamos" or "salgamos" && s.Word(at + 1) is not ("usted" or "ustedes" or "de" or "el" or "la" or "su") || s.Word(at) is "lo" && s.Word(at + 1) is "sepa" or "sepamos" or "acabe" or "acabemos" or "termine" or "terminemos" or "tengamos" or "tenga" && s.Word(at + 2) is not ("usted" or "ustedes");

    bool IsAsking(SentenceView s, int at)
    {
        for (var i = at - 1; i >= Math.Max(0, at - 2); i--)
        {
            if (VerbsAt(s, i) is { Length: > 0 } known && (known[0].Kind == VerbKind.Check || known[0].Verb is "saber" || i == at - 1 && known[0].Verb is "decir" or "confirmar" or "indicar" or "precisar" or "responder" or "contestar" or "comunicar" or "aclarar"))
                return true;
            if (s.Word(i) is "ver" or "saber" or "vere" or "veremos")
                return true;
        }
        return false;
    }

    protected override bool Stands(SentenceView s, int at, int next) => s.Word(at + 1) is "en" or "de" or "con" || !s.IsFree(at + 1);

    protected override bool IsNegated(SentenceView s, Segment segment, int verb)
    {
        for (var i = segment.Start; i < verb; i++)
            if (s.IsFree(i) && Not.Contains(s.Word(i)) && !(s.Word(i) == "no" && s.Word(i + 1) is "solo" or "obstante" or "mas"))
                return true;
        return false;
    }

    protected override bool Turn(SentenceView s, int at, List<Act> acts)
    {
        var word = s.Raw(at);
        var end = s.SegmentAt(at).End;
        void Take(string name, VerbKind kind, bool needsTime = false) => acts.Add(new() { Verb = at, Name = name, Kind = kind, Reason = "turn of phrase", NeedsTime = needsTime, Shares = s.SegmentAt(at).Joined && acts.Count > 0 });
        switch (word)
        {
            case "parte" when s.Word(at - 1) is "nuestra" or "mi" or "su" or "tu" or "de" or "la" or "una" or "alguna" or "cualquier" or "otra":
                return true;
            // "Será nuestro jefe quien le llame"
            case "quien" or "quienes" when s.Any(s.SegmentAt(at).Start, at, Our):
                for (var i = at + 1; i < Math.Min(end, at + 5); i++)
                    if (Find(s, i, VerbForm.Subjunctive | VerbForm.Third | VerbForm.FutureThird) is { Kind: not (VerbKind.Stop or VerbKind.Light) } inner)
                    {
                        Put(acts, s, i, inner, "it is … who", needsTime: true);
                        return true;
                    }
                return false;
            // "Nos vemos en su casa", "quedamos el martes en su finca"
            case "vemos" or "quedamos" or "veremos" when (word is "quedamos" || s.Word(at - 1) is "nos") && !Near(s, at, end, "disposicion") && !Near(s, at, end, "espera") && AtCustomers(s, at, end):
                Take("visitar", VerbKind.Visit, needsTime: true);
                return true;
            // "Sabrá algo", "sabrá de nosotros"
            case "sabrá" or "sabrás" or "sabrán" or "sabra" when s.Any(at + 1, end, Something) || FirstNoun(s, at + 1, end) is PromiseKind.Answer:
                Take("informar", VerbKind.Answer, needsTime: true);
                return true;
            case "cuente" or "cuenta" or "cuenten" or "espere" when s.Word(at + 1) is "con" or "mi" or "nuestra" && HasOurs(s, at, end):
                Take("recibir", VerbKind.Light, needsTime: true);
                return true;
            // "La visita es el jueves"
            case "es" or "será" or "sera" when AppointmentBefore(s, at) is { } set && !s.IsFree(at + 1):
                Take(word, set switch { PromiseKind.Call => VerbKind.Call, PromiseKind.Delivery => VerbKind.Delivery, PromiseKind.Refund => VerbKind.Refund, PromiseKind.Answer => VerbKind.Answer, _ => VerbKind.Visit }, needsTime: true);
                return true;
            // "El agua vuelve a las seis"
            case "vuelve" or "volverá" or "vuelven" or "volverán" or "regresa" or "regresará" when s.Any(s.SegmentAt(at).Start, end, Mains) && InfinitiveAfter(s, at) < 0:
                Take("restablecer", VerbKind.Other, needsTime: true);
                return true;
            case "tiene" or "tienes" or "tendrá" or "tendrás" when HasOurs(s, at, Math.Min(end, at + 5)) && s.Word(at - 1) is not ("lo" or "la" or "los" or "las"):
                Take("recibir", VerbKind.Light, needsTime: true);
                return true;
            case "restablece" or "restablecerá" or "reanuda" or "reanudará" when s.Word(at - 1) is "se" && s.Any(s.SegmentAt(at).Start, end, Mains):
                Take("restablecer", VerbKind.Other, needsTime: true);
                return true;
            case "estaré" or "estaremos" when s.Word(at - 1) is "alli" or "ahi" or "alla":
                Take("visitar", VerbKind.Visit);
                return true;
            case "dejo" or "dejamos" or "dejaré" or "dejaremos" or "deja" or "dejan" or "dejará" when s.Word(at - 1) is "lo" or "la" or "los" or "las" && s.Any(at + 1, end, Places) && DoneAfter(s, at, end) < 0:
                Take("dejar", VerbKind.Delivery, needsTime: true);
                return true;
            // "El camión pasa con su pedido"
            case "pasa" or "pasará" or "va" or "irá" or "viene" or "vendrá" when s.Any(s.SegmentAt(at).Start, at, Vehicles) && HasNoun(s, at + 1, end, PromiseKind.Delivery):
                Take("entregar", VerbKind.Delivery, needsTime: true);
                return true;
            case "estamos" or "estoy" or "estaremos" or "estaré" or "estare" when s.Word(at + 1) is "ahi" or "alli" or "alla" || Near(s, at, at + 4, "casa") || Near(s, at, at + 4, "domicilio") || Near(s, at, at + 4, "local") || s.Word(at + 1) is "en" && s.Word(at + 2) is "su" or "tu" or "vuestra" or "vuestro" || Near(s, at, at + 4, "puerta"):
                Take("visitar", VerbKind.Visit, needsTime: word is "estamos" or "estoy");
                return true;
            case "tengo" or "tenemos" or "tendré" or "tendremos" or "tendre" when Near(s, at, at + 3, "listo") || Near(s, at, at + 3, "lista") || Near(s, at, at + 3, "listos") || Near(s, at, at + 3, "listas") || Near(s, at, at + 3, "preparado") || Near(s, at, at + 3, "terminado") || Near(s, at, at + 3, "arreglado"):
                Take("terminar", VerbKind.Other, needsTime: true);
                return true;
            case "doy" or "damos" or "daré" or "daremos" or "dará" or "da" when s.Word(at + 1) is "de" && s.Word(at + 2) is "alta" or "baja":
                Take("dar de alta", VerbKind.Other);
                return true;
            case "quedo" or "quedamos" when s.Word(at + 1) is "en" && Infinitive(s, at + 2) is { Kind: not VerbKind.Stop } promised:
                acts.Add(new() { Verb = at + 2, Name = promised.Verb, Kind = promised.Kind, Reason = "agree to", NeedsTime = true });
                return true;
            case "verá" or "verás" or "encontrará" or "encontrarás" or "veréis" when FirstNoun(s, at + 1, end) is not null && !s.Any(s.SegmentAt(at).Start, end, Done):
                Take("recibir", VerbKind.Light, needsTime: true);
                return true;
            case "habrá" or "habra" or "hay" when HasNoun(s, at + 1, Math.Min(end, at + 5), PromiseKind.Visit):
                Take("visitar", VerbKind.Visit, needsTime: true);
                return true;
            case "doy" or "damos" or "daré" or "daremos" or "dará" or "da" or "pego" or "pegamos" or "pegaré" or "pega" or "echo" or "echamos" or "echaré" or "hago" or "hacemos" or "haré" or "haremos" or "hará" or "hace" when HasNoun(s, at + 1, Math.Min(end, at + 4), PromiseKind.Call):
                Take("llamar", VerbKind.Call, needsTime: !(word.EndsWith('é') || word.EndsWith('á') || word.EndsWith("remos", StringComparison.Ordinal)) && !LooksAhead(s, s.SegmentAt(at).Start, end));
                return true;
            case "hace" or "hago" or "hacemos" or "hará" or "haré" or "haremos" when s.Word(at - 1) is "se" or "me" or "nos" && s.Word(at + 1) is "cargo":
                if (!Near(s, at, end, "molestia") && !Near(s, at, end, "malestar") && !Near(s, at, end, "situacion") && !Near(s, at, end, "enfado"))
                    Take("hacerse cargo", VerbKind.Other);
                return true;
            case "encargo" or "encargamos" or "ocupo" or "ocupamos" when s.Word(at - 1) is "me" or "nos":
                Take("encargarse", VerbKind.Other, needsTime: !LooksAhead(s, s.SegmentAt(at).Start, end) || s.Word(at + 1) is "nosotros");
                return true;
            case "dejo" or "dejamos" or "dejaré" or "dejaremos" or "deja" or "dejan" or "dejará" or "dejare" when DoneAfter(s, at, end) >= 0:
                acts.Add(new() { Verb = at, Name = s.Word(DoneAfter(s, at, end)), Kind = VerbKind.Other, Reason = "leave done", NeedsTime = word is "dejo" or "dejamos" or "deja" or "dejan" });
                return true;
            case "dejo" or "dejamos" or "dejaré" or "dejaremos" or "dejará" or "deja" or "dejan" when HasNoun(s, at + 1, end, PromiseKind.Delivery) && s.Word(at - 1) is "le" or "te" or "se" or "lo" or "la" or "los" or "las" or "les" or "os":
                Take("dejar", VerbKind.Delivery, needsTime: true);
                return true;
            case "tienes" or "tiene" or "tendrás" or "tendrá" or "tenés" or "tendréis" or "tenéis" when Near(s, at, at + 4, "vuelta"):
                Take("devolver", s.Any(s.SegmentAt(at).Start, end, Money) ? VerbKind.Refund : VerbKind.Light, needsTime: true);
                return true;
            case "tendrá" or "tendrás" or "tendrán" or "tiene" or "tienes" when HasNoun(s, at + 1, end, PromiseKind.Visit) && AtTheirs(s, at, end):
                Take("visitar", VerbKind.Visit, needsTime: word[^1] is not ('á' or 'n') && !word.EndsWith("rás", StringComparison.Ordinal));
                return true;
            case "tienes" or "tiene" or "tenés" or "tienen" when s.Word(at + 1) is "que" or "hasta" or "un" or "una" or "plazo" or "derecho" || s.Word(at + 1) is "usted" && s.Word(at + 2) is "que" or "hasta" or "plazo" or "derecho":
                return true;
            case "paso" or "pasamos" or "pasaré" or "pasaremos" or "pasa" or "pasará" when s.Word(at - 1) is "le" or "te" or "les" or "os" or "lo" or "la" or "los" or "las" && (s.Word(at + 1) is not "a" and not "por") && FirstNoun(s, at + 1, end) is PromiseKind.Answer && !s.Any(at + 1, Math.Min(end, at + 4), Slots):
                Take("enviar", VerbKind.Answer, needsTime: !word.EndsWith('é') && !word.EndsWith("remos", StringComparison.Ordinal) && !word.EndsWith('á'));
                return true;
            case "pondremos" or "pondré" or "pongo" or "ponemos" or "pondrá" or "pondrán" when Near(s, at, end, "contacto"):
                Take("contactar", VerbKind.Answer);
                return true;
            case "estaremos" or "estaré" when Near(s, at, end, "contacto"):
                Take("contactar", VerbKind.Answer);
                return true;
            case "estaremos" or "estaré" when Near(s, at, end, "casa") || Near(s, at, end, "domicilio"):
                Take("visitar", VerbKind.Visit);
                return true;
            case "mantendré" or "mantendremos" or "mantengo" or "mantenemos" or "mantendre":
                if (Near(s, at, end, "informado") || Near(s, at, end, "informada") || Near(s, at, end, "corriente") || Near(s, at, end, "tanto"))
                    Take("informar", VerbKind.Answer);
                return true;
            case "haremos" or "haré" when Near(s, at, end, "llegar"):
                Take("enviar", VerbKind.Send);
                return true;
            case "haremos" or "haré" when Near(s, at, end, "posible") || Near(s, at, end, "todo"):
                return true;
            case "pasa" or "pasan" or "pasará" or "pasarán" or "va" or "van" or "irá" or "irán" or "viene" or "vienen" or "vendrá" or "vendrán" or "acerca" or "acercan" or "acercará" or "asoma" or "presenta" or "presentará" when AtTheirs(s, at, end) && s.Word(at + 1) is not "a" | s.Word(at + 2) is "su" or "tu" or "casa" or "domicilio" && s.Word(at - 1) is not ("nos" or "me" or "usted") && IsOurs(s, at):
                Take(FetchesAfter(s, at, end) ? "recoger" : "visitar", FetchesAfter(s, at, end) ? VerbKind.Delivery : VerbKind.Visit, word is "pasa" or "pasan" or "va" or "van" or "viene" or "vienen" or "acerca" or "acercan" or "asoma" or "presenta");
                return true;
            case "echo" or "echamos" or "echaré" or "echaremos":
                Take("revisar", VerbKind.Check, word is "echo" or "echamos");
                return true;
            case "pego" or "pegaré" or "pegamos" or "pegaremos" when Near(s, at, end, "telefonazo") || Near(s, at, end, "toque") || Near(s, at, end, "grito"):
                Take("llamar", VerbKind.Call, word is "pego" or "pegamos");
                return true;
            case "tiene" or "tienes" or "tendrá" or "tendrás" or "tienen" or "tendrán" when s.Word(at - 1) is "lo" or "la" or "los" or "las" || s.Word(at + 1) is "listo" or "lista" or "resuelto" or "resuelta" or "arreglado":
                // "Lo tiene usted de nuevo en línea en 72 horas", "lo tendrá en su casa el lunes".
                Take("tener", ToRead(s, s.SegmentAt(at).Start, end) ? VerbKind.Answer : AtTheirs(s, at, end) && FirstNoun(s, s.SegmentAt(at).Start, at) is not (PromiseKind.Refund or PromiseKind.Answer) ? VerbKind.Delivery : FirstNoun(s, s.SegmentAt(at).Start, end) is null ? VerbKind.Other : VerbKind.Light, needsTime: true);
                return true;
            case "tendremos" or "tendré":
                // "We will have your answer" is said of things ready; of us alone it says nothing.
                if (FirstNoun(s, at + 1, end) is not null && s.Word(at + 1) is "su" or "listo" or "lista")
                    Take("tener", VerbKind.Light);
                return true;
            case "daré" or "daremos" or "doy" or "damos" when FirstNoun(s, at + 1, end) is not null:
                Take("dar", VerbKind.Light);
                return true;
            case "daré" or "daremos" or "doy" or "damos":
                return true;
            case "comunicaremos" or "comunicaré" when s.Word(at - 1) is "nos" or "me":
                Take("contactar", VerbKind.Answer);
                return true;
            case "encargaremos" or "encargaré" or "ocuparemos" or "ocuparé" when s.Word(at + 1) == "de" && s.Word(at + 2) is not "que":
                Take("encargar", VerbKind.Other);
                return true;
            case "veremos" or "veré":
                return true;
            default:
                return false;
        }
    }

    static readonly HashSet<string> Slots = Set("cita reserva turno hora");

    static readonly HashSet<string> Something = Set("algo todo más nosotros mí resultado noticias respuesta");

    static readonly HashSet<string> Mains = Set("agua luz corriente gas calefacción internet línea servicio suministro conexión electricidad cobertura señal wifi");

    static readonly HashSet<string> Places = Set("portería recepción conserjería buzón mostrador portero conserje puerta casa domicilio oficina vecino vecina entrada rellano");

    static readonly HashSet<string> Vehicles = Set("camión furgoneta repartidor mensajero transportista reparto camioneta");

    /// <summary>"En su casa", "en tu finca"; not "en su opinión".</summary>
    static bool AtCustomers(SentenceView s, int at, int end)
    {
        for (var i = at + 1; i < end; i++)
            if (s.Word(i) is "en" or "a" && s.Word(i + 1) is "su" or "tu" or "vuestra" or "vuestro" || s.Word(i) is "domicilio")
                return true;
        return false;
    }

    bool HasOurs(SentenceView s, int at, int end)
    {
        for (var i = at + 1; i < end; i++)
            if ((Our.Contains(s.Word(i)) || s.Word(i) is "mio" or "mia" or "mios" or "mias") && FirstNoun(s, at + 1, end) is not null)
                return true;
        return false;
    }

    PromiseKind? AppointmentBefore(SentenceView s, int at)
    {
        for (var i = Math.Max(s.SegmentAt(at).Start, at - 6); i < at; i++)
            if (Appointment(s, i) is { } kind && s.Word(i - 1) is "la" or "el" or "su" or "nuestra" or "tu")
                return kind;
        return null;
    }

    static readonly HashSet<string> Needful = Set("necesario");

    static readonly HashSet<string> Passed = Set("al departamento área equipo");

    static readonly HashSet<string> Phones = Set("voz teléfono telefónicamente telefónica móvil celular");

    protected override bool ByPhone(SentenceView s, Act act) => s.Any(act.Verb, act.End, Phones);

    protected override bool IsParticiple(string raw) => raw.Length > 5 && (raw.EndsWith("ado", StringComparison.Ordinal) || raw.EndsWith("ada", StringComparison.Ordinal) || raw.EndsWith("ados", StringComparison.Ordinal) || raw.EndsWith("adas", StringComparison.Ordinal) || raw.EndsWith("ido", StringComparison.Ordinal) || raw.EndsWith("ida", StringComparison.Ordinal) || raw.EndsWith("idos", StringComparison.Ordinal) || raw.EndsWith("idas", StringComparison.Ordinal));

    static readonly HashSet<string> Money = Set("euros € $ pesos dinero dólares soles importe plata cuenta tarjeta");

    /// <summary>"Te la dejo ajustada".</summary>
    int DoneAfter(SentenceView s, int at, int end)
    {
        for (var i = at + 1; i < Math.Min(end, at + 4); i++)
            if (s.IsFree(i) && s.Word(i) is var word && (word.EndsWith("ado", StringComparison.Ordinal) || word.EndsWith("ada", StringComparison.Ordinal) || word.EndsWith("ados", StringComparison.Ordinal) || word.EndsWith("adas", StringComparison.Ordinal) || word.EndsWith("ido", StringComparison.Ordinal) || word.EndsWith("ida", StringComparison.Ordinal) || word is "listo" or "lista" or "listos" or "listas" or "hecho" or "hecha" or "resuelto" or "resuelta" or "nuevo" or "puesto" or "puesta" or "abierto" or "abierta") && Noun(s, i) is null)
                return i;
        return -1;
    }

    bool FetchesAfter(SentenceView s, int at, int end)
    {
        for (var i = at + 1; i < Math.Min(end, at + 12); i++)
            if (Infinitive(s, i) is { Kind: VerbKind.Delivery })
                return true;
        return false;
    }

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
            for (var i = act.Start; i < act.End; i++)
                if (s.Word(i) is "por" && s.Word(i + 1) is "correo" or "email" or "e-mail" or "mail" or "sms" or "whatsapp")
                    return PromiseKind.Answer;
        // "Devolver" gives back money, or a thing, or a call.
        if (act.Name == "devolver" && FirstNoun(s, act.Verb + 1, act.End) is { } back and (PromiseKind.Delivery or PromiseKind.Call))
            return back;
        // A thing that shows on the account or in the box; nobody.
        if (act.Name is "aparecer" or "figurar" or "caer" && !AtTheirs(s, act.Start, act.End) || act.Name is "entrar" && FirstNoun(s, act.Start, act.Verb) is not PromiseKind.Visit)
            return FirstNoun(s, act.Start, act.End) is PromiseKind.Visit or null ? ToRead(s, act.Start, act.End) ? PromiseKind.Answer : null : FirstNoun(s, act.Start, act.End);
        if (act.Name == "llegar" && HasNoun(s, act.Start, act.End, PromiseKind.Visit))
            return PromiseKind.Visit;
        if (act.Name is "llegar" or "salir" or "partir" && FirstNoun(s, act.Start, act.End) is PromiseKind.Answer or PromiseKind.Refund)
            return FirstNoun(s, act.Start, act.End);
        if (act.Name is "acercar" or "arrimar" && s.Word(act.Verb - 1) is "se" or "me" or "nos")
            return FetchesToo(s, act) ? PromiseKind.Delivery : PromiseKind.Visit;
        if (act.Name == "hacer" && s.Any(act.Start, act.End, Needful))
            return PromiseKind.Other;
        // "Le paso a la tarifa nueva"
        if (act.Name == "pasar" && s.Word(act.Verb - 1) is "le" or "te" or "les" && (s.Word(act.Verb + 1) is "al" || s.Word(act.Verb + 1) is "a" && s.Word(act.Verb + 2) is "la" or "una" or "un" or "otra" or "otro") && !FetchesToo(s, act))
            return PromiseKind.Other;
        // "Le paso los números": a thing, and to read where no table knows it.
        if (act.Name == "pasar" && s.Word(act.Verb - 1) is "le" or "te" or "les" or "os" or "lo" or "la" or "los" or "las" && (s.Word(act.Verb - 1) is "le" or "te" or "les" or "os" || s.Word(act.Verb - 2) is "se" or "te") && !FetchesToo(s, act))
        {
            var i = act.Verb + 1;
            while (i < act.End && !s.IsFree(i)) i++;
            if (s.Word(i) is "el" or "la" or "los" or "las" or "un" or "una" or "unos" or "unas" or "su" or "sus" or "tu" or "por" && s.Word(act.Verb - 1) is not "te" && !(s.Word(i) is "por" && s.Word(i + 1) is "su" or "tu" or "casa" or "ahi" or "alli" or "el" or "la"))
                return ToRead(s, act.Start, act.End) ? PromiseKind.Answer : FirstNoun(s, act.Verb + 1, act.End) switch { PromiseKind.Visit or null => PromiseKind.Answer, var noun => noun };
        }
        if (act.Name == "pasar" && s.Word(act.Verb - 1) is not ("le" or "te" or "se") && s.Word(act.Verb + 1) is "su" or "tu" or "el" or "la" && FirstNoun(s, act.Verb, act.End) is not PromiseKind.Visit && !FetchesToo(s, act) && s.Any(act.Verb + 2, act.Verb + 7, Passed))
            return PromiseKind.Other;
        // "Van los cuarenta pupitres": a thing goes, nobody.
        if (act.Name == "ir" && act.Reason == "present, third person" && s.Word(act.Verb + 1) is "los" or "las" or "el" or "la" or "sus" or "tus" && !HasNoun(s, act.Verb, act.End, PromiseKind.Visit))
            return PromiseKind.Delivery;
        if (act.Name == "regresar" && FirstNoun(s, act.Start, act.End) is not PromiseKind.Refund)
            return FirstNoun(s, act.Start, act.End) is PromiseKind.Delivery ? PromiseKind.Delivery : PromiseKind.Visit;
        return base.KindOf(s, act);
    }

}
