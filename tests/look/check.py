"""A small server that answers as the contract says, with the real Content-Security-Policy, and a browser that runs check.js against it."""
import http.server,json,pathlib,queue,subprocess,tempfile,threading,time,urllib.parse
HERE=pathlib.Path(__file__).resolve().parent
NONCE='abc123'
CSP=f"default-src 'none'; script-src 'nonce-{NONCE}' 'strict-dynamic'; style-src 'self' 'nonce-{NONCE}'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default"
def run(folder):
    streams,seen,done=[],[],queue.Queue(); state={'rows':1,'signed_in':True,'down':False}
    class H(http.server.SimpleHTTPRequestHandler):
        def __init__(self,*a): super().__init__(*a,directory=str(folder))
        def log_message(self,*a): pass
        def answer(self,body='',status=200,**headers):
            data=body.encode(); self.send_response(status); self.send_header('Content-Type','text/html; charset=utf-8'); self.send_header('Content-Length',str(len(data)))
            for k,v in headers.items(): self.send_header(k.replace('_','-'),v)
            self.end_headers(); self.wfile.write(data)
        def page(self):
            t=(folder/'desk.html').read_text().replace('<script ',f'<script nonce="{NONCE}" ').replace('data-live-url=""','data-live-url="/live"')
            t=t.replace('id="rows">',f'id="rows"><a class="case-row" id="row-x" href="/x">Row {state["rows"]}</a><a class="case-row" href="/new-{state["rows"]}">New {state["rows"]}</a>')
            t=t.replace('</main>','<a id="sheet-link" href="/assign" data-sheet>Assign</a><div id="swap"></div><form id="bad" hx-post="/refused" hx-target="this" hx-swap="outerHTML"><input name="a" value="typed"><button>Go</button></form><button id="morph" hx-get="/morph" hx-target="#keep" hx-swap="morph">m</button><div id="keep"><input id="kept" class="pick" type="checkbox"><p>old</p></div><button id="get" hx-get="/evil" hx-target="#swap">x</button></main>')
            t=t.replace('<div id="toasts"','<dialog id="sheet" data-dialog><div id="sheet-body"></div></dialog><div id="toasts"')
            return t.replace('</body>',f'<script nonce="{NONCE}" src="/check.js" defer></script></body>')
        def do_HEAD(self): self.answer('',200 if state['signed_in'] else 401)
        def do_GET(self):
            u=urllib.parse.urlparse(self.path); q=urllib.parse.parse_qs(u.query)
            if u.path=='/live':
                if state['down']: return self.answer('',503)
                self.send_response(200); self.send_header('Content-Type','text/event-stream'); self.end_headers(); box=queue.Queue(); streams.append(box); self.wfile.write(b': here\n\n'); self.wfile.flush()
                while True:
                    m=box.get()
                    if m is None: return
                    try: self.wfile.write(f'event: hint\ndata: {m}\n\n'.encode()); self.wfile.flush()
                    except OSError: return
            if u.path=='/check': return self.answer(self.page(),Content_Security_Policy=CSP)
            if u.path=='/check.js': return self.answer((HERE/'check.js').read_text())
            if u.path=='/palette': return self.answer('<a role="option" href="#one">One '+q.get('q',[''])[0]+'</a><a role="option" href="#two">Two</a>')
            if u.path=='/canned': return self.answer('<div role="option" data-insert="Dear Maria, ">Greeting</div>')
            if u.path=='/mentions': return self.answer('<div role="option" data-insert="@ben ">Ben</div>')
            if u.path=='/assign': return self.answer('<div class="dialog-head"><h2>Assign</h2><button data-closes aria-label="Close">x</button></div><form method="post"><input class="input" name="who"></form>')
            if u.path=='/evil': return self.answer('<p id="got">ok</p><script>window.pwned=1</script><img src="x" onerror="window.pwned=2"><a id="js" href="javascript:window.pwned=3">x</a>')
            if u.path=='/morph': return self.answer('<div id="keep"><input id="kept" class="pick" type="checkbox"><p>new</p></div>')
            if u.path=='/_seen': return self.answer(json.dumps(seen))
            super().do_GET()
        def do_POST(self):
            body=self.rfile.read(int(self.headers.get('Content-Length') or 0)).decode('utf-8','replace'); p=self.path
            if p=='/_done': done.put(json.loads(body)); return self.answer()
            if p=='/_hint': state['rows']+=1; [s.put(body) for s in streams]; return self.answer()
            if p=='/_drop': state['down']=True; state['rows']+=1; [s.put(None) for s in streams]; streams.clear(); return self.answer()
            if p=='/_up': state['down']=False; return self.answer()
            if p=='/_out': state['signed_in']=False; return self.answer()
            if p=='/_in': state['signed_in']=True; return self.answer()
            seen.append([p,body])
            if not state['signed_in']: return self.answer('',401)
            if p=='/u': return self.answer('<span class="file" data-markdown="![shot](/f/1)"><span class="cut">shot.png</span><input type="hidden" name="uploads" value="1"></span>')
            if p=='/refused': return self.answer('<form id="bad"><p class="error">No</p><input name="a" value="typed"></form>',422)
            self.answer('',204)
    server=http.server.ThreadingHTTPServer(('127.0.0.1',0),H); server.daemon_threads=True; threading.Thread(target=server.serve_forever,daemon=True).start()
    with tempfile.TemporaryDirectory() as profile:
        b=subprocess.Popen(['/usr/bin/chromium','--headless','--no-sandbox','--disable-gpu','--disable-quic','--no-first-run','--disable-background-networking','--disable-component-update','--disable-sync','--remote-debugging-port=0',f'--user-data-dir={profile}','--window-size=1440,900',f'http://127.0.0.1:{server.server_address[1]}/check'],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL)
        try: results=done.get(timeout=90)
        except queue.Empty: print('the browser gave no answer'); return 1
        finally: b.terminate(); b.wait(10)
    bad=[r for r in results if not r[1]]
    for name,ok,more in results: print('ok  ' if ok else 'FAIL',name,'' if ok else more)
    print(f'{len(results)-len(bad)} passed, {len(bad)} failed'); return 1 if bad or not results else 0
