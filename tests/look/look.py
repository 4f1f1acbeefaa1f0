#!/usr/bin/env python3
"""Pages of the vocabulary (docs/decisions/0002-look.md) with the real style sheets and script, to be looked at and measured.

  look.py shots FOLDER [page ...]   pictures: light, dark, phone (and more for the desk)
  look.py check                     what the script does, under the real Content-Security-Policy; exit 1 when something fails
  look.py axe AXE.MIN.JS [page ...] violations of axe-core, light and dark, wide and phone; exit 1 when there is one

Nothing here is shipped. In pages/: {{icon NAME}}, {{ring STATES SIZE}}, and {{shell TITLE|CURRENT}} … {{/shell}}.
"""
import functools,html,http.server,json,os,pathlib,re,shutil,socketserver,subprocess,sys,tempfile,threading
HERE=pathlib.Path(__file__).resolve().parent; ROOT=HERE.parent.parent; WEB=ROOT/'src/Amends/wwwroot'
sys.path.insert(0,str(HERE)); from ring import ring
SHAPES=dict(re.findall(r'\["([a-z]+)"\] = "([^"]+)"',(ROOT/'src/Amends/Foundation/Web/IconShapes.cs').read_text()))
TURNS={'reply','undo','chevron','back','send','list','door','panel'}
def icon(n): return f'<svg class="icon{" turn" if n in TURNS else ""}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{SHAPES[n]}"/></svg>'
def expand(text,theme='light',extra=''):
    def shell(m):
        title,cur=m[1].split('|'); t=(HERE/'pages/_shell.html').read_text().replace('{{title}}',title)
        if cur in('door','public'): t=(HERE/'pages/_plain.html').read_text().replace('{{title}}',title)
        return t.replace(f'data-at="{cur}"','aria-current="page"').replace('{{main}}',m[2])
    text=re.sub(r'\{\{shell ([^}]+)\}\}(.*)\{\{/shell\}\}',shell,text,flags=re.S)
    text=re.sub(r' data-at="\w+"','',text)
    text=re.sub(r'\{\{icon (\w+)\}\}',lambda m:icon(m[1]),text)
    text=re.sub(r'\{\{ring (\w+) (\d+)\}\}',lambda m:ring(m[1],int(m[2])),text)
    return text.replace('data-theme="auto"',f'data-theme="{theme}"').replace('</body>',extra+'</body>')
def site(theme,extra,dir_=None):
    out=pathlib.Path(tempfile.mkdtemp(prefix='look'))
    for f in WEB.iterdir(): (shutil.copytree if f.is_dir() else shutil.copy)(f,out/f.name)
    for name,js in STATES.items():
        p=HERE/'pages'/(name.split('~')[0]+'.html');(out/(name+'.html')).write_text(expand(p.read_text(),theme,extra+f'<script>addEventListener("load",()=>setTimeout(()=>{{{js}}},60))</script>'))
    for p in (HERE/'pages').glob('[!_]*.html'):
        t=expand(p.read_text(),theme,extra)
        if dir_: t=t.replace('dir="ltr"',f'dir="{dir_}"')
        (out/p.name).write_text(t)
    return out
class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self,*a): pass
    def copyfile(self,source,outputfile):
        try: super().copyfile(source,outputfile)
        except ConnectionError: pass
def serve(folder):
    s=socketserver.ThreadingTCPServer(('127.0.0.1',0),functools.partial(Quiet,directory=str(folder)));s.daemon_threads=True
    threading.Thread(target=s.serve_forever,daemon=True).start();return s.server_address[1]
def chromium(url,size,*more,scale=1):
    with tempfile.TemporaryDirectory() as profile:
        return subprocess.run(['/usr/bin/chromium','--headless','--no-sandbox','--disable-gpu','--disable-quic','--no-first-run','--disable-background-networking','--disable-component-update','--disable-sync','--hide-scrollbars','--virtual-time-budget=2500',f'--force-device-scale-factor={scale}',f'--user-data-dir={profile}',f'--window-size={size}',*more,url],capture_output=True,text=True,timeout=90).stdout
# Headless Chromium will not go under 500 px wide, so a phone is a frame of 360 px in a wider page.
def phone(folder,page,height): (folder/f'_{page}').write_text(f'<!doctype html><style>body{{margin:0;background:#777}}iframe{{width:360px;height:{height}px;border:0;display:block}}</style><iframe src="/{page}"></iframe>')
# States that only the script or a hand brings about: page~state.
STATES={
 'desk~reply':"const t=document.getElementById('reply-text');t.value='Maria, Olga will be with you today between 13 and 15 with a pump from the new batch, and I will call you on Monday at nine to hear that it has run all weekend.';t.focus()",
 'desk~note':"document.querySelector('[value=note]').click();document.getElementById('note-text').focus()",
 'desk~keys':"document.body.dispatchEvent(new KeyboardEvent('keydown',{key:'?',bubbles:true}))",
 'desk~menu':"document.querySelector('.case-bar details.menu').open=true;const t=document.createElement('div');t.className='toast';t.innerHTML='<p>Merged into #20 418.</p><button class=\"btn small\">Undo</button>';t.dataset.seconds=99;document.getElementById('toasts').append(t);const b=document.getElementById('offline');b.hidden=false;b.textContent='Connection lost, trying again'",
 'desk~list':"document.querySelector('.desk').dataset.show='list'",
 'desk~side':"document.querySelector('[data-pane=case] [data-fold=side]').click()",
 'desk~rtl':"document.documentElement.dir='rtl'",
 'desk~palette':"document.getElementById('palette').showModal();document.getElementById('palette-list').innerHTML='<h3 role=presentation>Cases</h3><a role=option id=o1 aria-selected=true href=#>Pump stops after ten minutes<span class=faint>#20 418</span></a><a role=option id=o2 aria-selected=false href=#>Second pump stops as well<span class=faint>#19 872</span></a><h3 role=presentation>Do</h3><a role=option id=o3 aria-selected=false href=#>New case<span class=faint>c</span></a>';document.querySelector('.palette-input').value='pump'",
}
def main():
    what,where,*names=(sys.argv[1:]+['',''])[:max(2,len(sys.argv)-1)];
    if what=='check': import check; sys.exit(check.run(site('light','')))
    names=names or sorted([p.stem for p in (HERE/'pages').glob('[!_]*.html')]+list(STATES))
    if what=='shots':
        out=pathlib.Path(where);out.mkdir(parents=True,exist_ok=True)
        for theme in ('light','dark'):
            folder=site(theme,'');port=serve(folder)
            for n in names:
                n,_,size=n.partition('@')
                chromium(f'http://127.0.0.1:{port}/{n}.html',size or '1440,900',f'--screenshot={out}/{n}-{theme}{size.replace(",","x")}.png')
                if theme=='light' and not size:
                    phone(folder,n+'.html',780);chromium(f'http://127.0.0.1:{port}/_{n}.html','500,780',f'--screenshot={out}/{n}-phone.png')
            shutil.rmtree(folder)
    if what=='axe':
        run='<script src="/axe.min.js"></script><script>addEventListener("load",()=>setTimeout(()=>axe.run(document,{iframes:false}).then(r=>{const p=document.createElement("pre");p.id="axe-out";p.textContent=JSON.stringify(r.violations.map(v=>({id:v.id,n:v.nodes.map(x=>x.target.join(" ")+" "+(x.failureSummary||"").split("\\n").slice(1).join(" ").slice(0,170))})));(top.document.body).append(p)}),200))</script>'
        bad=0
        for theme in ('light','dark'):
            folder=site(theme,run);shutil.copy(where,folder/'axe.min.js');port=serve(folder)
            for n in names:
                for size in ('1440,900','phone'):
                    if size=='phone': phone(folder,n+'.html',780)
                    dom=chromium(f'http://127.0.0.1:{port}/{"_" if size=="phone" else ""}{n}.html','1440,900' if size!='phone' else '500,780','--dump-dom')
                    m=re.search(r'<pre id="axe-out">(.*?)</pre>',dom,re.S)
                    if not m: print(n,theme,size,'NO RESULT');bad+=1;continue
                    for v in json.loads(html.unescape(m[1])):
                        bad+=1;print(n,theme,size,v['id'],len(v['n']));[print('    ',x) for x in v['n'][:4]]
            shutil.rmtree(folder)
        print(bad,'violations');sys.exit(bad>0)
main()
