module segent

go 1.19
