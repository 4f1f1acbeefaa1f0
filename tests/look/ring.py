import math
# the same arithmetic as RingMark.razor, for the prototypes
W=dict(d='done',n='under way',l='late',t='to do',x='not needed')
def arc(c,r,a,b):
    p=lambda t:f"{c+r*math.sin(t):.2f} {c-r*math.cos(t):.2f}"
    return f"M{p(a)}A{r:.2f} {r:.2f} 0 {1 if b-a>math.pi else 0} 1 {p(b)}"
def ring(states,size=22,names=('Heard','Owned','Confirmed')):
    names=names if len(states)<=3 else ('Heard','Owned','Promised','Fixed','Confirmed','Made good','Learned')[:len(states)]
    n=len(states);label=', '.join(f"{names[i]} {W[k]}" for i,k in enumerate(states));c=size/2
    s=f'<svg class="ring" width="{size}" height="{size}" viewBox="0 0 {size} {size}" role="img" aria-label="{label}"><title>{label}</title>'
    if size<40:
        need=sum(k!='x' for k in states);done=sum(k=='d' for k in states);late='l' in states;r=c-2.2;f=done/need if need else 1
        s+=f'<circle class="track" cx="{c}" cy="{c}" r="{r:.2f}"/>'
        if f>=1:s+=f'<circle class="done" cx="{c}" cy="{c}" r="{r:.2f}" stroke-width="3"/>'
        elif f>0:s+=f'<path class="done" d="{arc(c,r,0,2*math.pi*f)}" stroke-width="3.2"/>'
        k=size/22
        if late:s+=f'<path class="bang" d="M{c} {c-3.4*k:.2f}v{3.6*k:.2f}M{c} {c+3.4*k:.2f}v.01"/>'
        elif f>=1:s+=f'<path class="tick" d="M{c-3*k:.2f} {c+.2*k:.2f}l{2.1*k:.2f} {2.1*k:.2f} {3.9*k:.2f} {-4.3*k:.2f}"/>'
        return s+'</svg>'
    w=size*.115;r=c-w/2-size*.055;seg=2*math.pi/n;g=min(.16,seg*.1)
    for i,k in enumerate(states):
        a,b=i*seg+g/2,(i+1)*seg-g/2
        if k=='d':s+=f'<path class="done" d="{arc(c,r,a,b)}" stroke-width="{w:.2f}"/>'
        if k=='n':s+=f'<path class="track" d="{arc(c,r,a,b)}"/><path class="now" d="{arc(c,r,a,(a+b)/2)}" stroke-width="{w:.2f}"/>'
        if k=='l':
            m=(a+b)/2;h=.075
            s+=f'<path class="late" d="{arc(c,r,a,b)}" stroke-width="{w:.2f}"/><path class="late" d="{arc(c,r+w/2+size*.03,m-h,m+h)}" stroke-width="{size*.07:.2f}"/>'
        if k=='t':s+=f'<path class="track" d="{arc(c,r,a,b)}"/>'
        if k=='x':s+=f'<path class="none" d="{arc(c,r,a,b)}" stroke-dasharray=".1 {size*.075:.2f}"/>'
    return s+'</svg>'

