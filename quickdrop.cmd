@echo off
rem Builds what is missing, then runs: quickdrop server ^| send FILE... ^| agent ... ^| cluster-demo ... ^| --help
setlocal
set "here=%~dp0"
set "module=quickdrop-server"
set "main=io.quickdrop.server.Main"
set "needs="
set "arguments=%*"
if /i "%~1"=="agent" (
    set "module=capture-agent"
    set "main=io.quickdrop.agent.Main"
    call set "arguments=%%arguments:*agent=%%"
)
if /i "%~1"=="cluster-demo" (
    set "module=cluster-demo"
    set "needs='cluster-demo','quickdrop-server','capture-agent'"
    set "main=io.quickdrop.demo.Main"
    call set "arguments=%%arguments:*cluster-demo=%%"
)
if not defined needs set "needs='%module%'"
set "jar=%here%%module%\target\%module%.jar"

set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
"%java%" -version >nul 2>&1
if errorlevel 1 (
    echo quickdrop: Java is missing: install a JDK of version 17 or newer. 1>&2
    exit /b 1
)

set "stale="
if not exist "%jar%" set "stale=1"
if not exist "%here%%module%\target\lib" set "stale=1"
if not defined stale if exist "%here%%module%\src" (
    powershell -NoProfile -Command "$b=(Get-Item '%jar%').LastWriteTime; $p='pom.xml','protocol','relay-core','websocket-client','media-repair',%needs% | ForEach-Object { Get-ChildItem -Recurse -File ('%here%'+$_) } | Where-Object { $_.FullName -notmatch '\\target\\' -and $_.FullName -notmatch '\\src\\test\\' -and $_.LastWriteTime -gt $b }; if ($p) { exit 1 }"
    if errorlevel 1 set "stale=1"
)

if defined stale (
    where mvn >nul 2>&1
    if errorlevel 1 (
        echo quickdrop: Maven is missing and the program is not built yet. 1>&2
        exit /b 1
    )
    echo quickdrop: building ^(the first time fetches libraries and takes a minute or two^) ... 1>&2
    call mvn -B -ntp -f "%here%pom.xml" -pl %module% -am -Dquick -Dmaven.test.skip=true package 1>&2
    if errorlevel 1 (
        echo quickdrop: the build failed; the lines above say why. 1>&2
        exit /b 1
    )
    copy /b "%jar%"+,, "%jar%" >nul
)

chcp 65001 >nul
"%java%" -Dfile.encoding=UTF-8 %QUICKDROP_JAVA_OPTS% -cp "%jar%;%here%%module%\target\lib\*" %main% %arguments%
exit /b %errorlevel%
