; A tiny homemedia.exe for tests of the installer: `start` runs until `stop` is called, both from the same folder.
Unicode true
Target amd64-unicode
SilentInstall silent
RequestExecutionLevel user
SetCompressor zlib
Name "HomeMedia stand-in"
OutFile "${OUT}"
!include FileFunc.nsh
!include LogicLib.nsh
Section
  ${GetParameters} $0
  StrCpy $1 $0 5
  ${If} $0 == "stop"
    FileOpen $2 "$EXEDIR\stop-asked" w
    FileClose $2
  ${ElseIf} $1 == "start"
    Delete "$EXEDIR\stop-asked"
    FileOpen $2 "$EXEDIR\started" w
    FileWrite $2 "$0"
    FileClose $2
    ${DoUntil} ${FileExists} "$EXEDIR\stop-asked"
      Sleep 50
    ${Loop}
    Delete "$EXEDIR\stop-asked"
    Delete "$EXEDIR\started"
  ${EndIf}
SectionEnd
