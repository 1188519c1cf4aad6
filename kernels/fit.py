import numpy as np
# weighted minimax by iteratively reweighted least squares (Lawson) + float32 rounding with successive refit
def lawson(basis, target, weight, iters=3000):
    w=np.ones(len(target))
    A=np.stack(basis,1)*weight[:,None]; b=target*weight
    best=None
    for _ in range(iters):
        s=np.sqrt(w)[:,None]
        c=np.linalg.lstsq(A*s,b*s[:,0],rcond=None)[0]
        r=np.abs(A@c-b); m=r.max()
        if best is None or m<best[0]: best=(m,c.copy())
        w*= r/m+1e-12; w/=w.sum()
    return best
def fit_rounded(basis,target,weight):
    # round coefficients one at a time, refitting the rest
    fixed=np.zeros(len(target)); out=[]
    for k in range(len(basis)):
        m,c=lawson(basis[k:],target-fixed,weight,600)
        v=float(np.float32(c[0])); out.append(v); fixed=fixed+v*basis[k]
    return np.abs((fixed-target)*weight).max(), out
h=np.log(2)/2*1.0002
x=h*np.cos(np.linspace(0,np.pi,2001)); x=x[np.abs(x)>1e-9]
for deg in (4,5,6):
    # exp(r)=1+r+r^2*(c2+...)
    t=(np.exp(x)-1-x); basis=[x**k for k in range(2,deg+1)]; w=np.exp(-x)
    e,c=fit_rounded(basis,t,w)
    print('exp 1+r deg',deg,e/2**-24,'half-ulps',[float.hex(v) for v in c], c)
    t=np.exp(x)-1; basis=[x**k for k in range(1,deg+1)]
    e,c=fit_rounded(basis,t,w); print('  exp 1+c1 r', deg, e/2**-24,c)
f=np.linspace(np.sqrt(.5)-1,np.sqrt(2)-1,4001); f=f[np.abs(f)>1e-6]
for n in (6,7,8,9):
    # log(1+f)= f - f^2/2 + f^3 P(f); relative weight
    t=np.log1p(f)-f+f*f/2; basis=[f**(3+k) for k in range(n)]; w=1/np.abs(np.log1p(f))
    e,c=fit_rounded(basis,t,w); print('log n',n,e/2**-24,c)
