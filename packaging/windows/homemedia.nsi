; The Windows installer: for one user, without an administrator.
;
;   makensis -DVERSION=0.1.0 -DPAYLOAD=../../dist/homemedia -DOUT=../../dist/homemedia-0.1.0-windows-x64.exe homemedia.nsi
;
; PAYLOAD is the one-folder program as PyInstaller leaves it: homemedia.exe and _internal. Paths are taken from this folder.
; -DQUICK=1 packs without trying hard, for tests. -DNUMBERS=0.1.0.0 where VERSION is more than three numbers.
;
; Silent: /S, and with it /D=FOLDER (last, without quotes), /AUTOSTART, /FIREWALL, /NOSTARTMENU, /DOWNGRADE.
; The uninstaller: /S, and with it /DELETEDATA.
; Exit codes of both: 0 done, 1 given up by the user, 2 given up with a reason (silently: 3 in use, 4 newer, 5 not this Windows,
; 6 the folder holds something else).

Unicode true
Target amd64-unicode
ManifestDPIAware true
ManifestSupportedOS Win10

!ifndef VERSION | PAYLOAD | OUT
  !error "VERSION, PAYLOAD and OUT have to be given."
!endif
!ifndef NUMBERS
  !define NUMBERS "${VERSION}.0"
!endif
!if ! /FileExists "${PAYLOAD}/homemedia.exe"
  !error "There is no homemedia.exe in ${PAYLOAD}."
!endif

!ifdef QUICK
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!endif

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include WordFunc.nsh

!define NAME "HomeMedia"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define OWN_KEY "Software\${NAME}"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
; Where Windows keeps what its Task Manager was told about the value above.
!define APPROVED_KEY "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
; How long a running HomeMedia may take to end: films being streamed are cut, the database is closed.
!define WAIT_TRIES 60
!define WAIT_MS 500
!define IN_USE 3
!define NEWER 4
!define TOO_OLD 5
!define NOT_OURS 6

Name "${NAME}"
OutFile "${OUT}"
BrandingText "${NAME} ${VERSION}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${OWN_KEY}" "Folder"
ShowInstDetails nevershow
ShowUninstDetails nevershow

VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileDescription "${NAME} installer"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey CompanyName "The HomeMedia makers"
VIAddVersionKey LegalCopyright "GPL-3.0-or-later"
VIAddVersionKey OriginalFilename "homemedia-${VERSION}-windows-x64.exe"

Var WasRunning
Var HadRule

; --- pages ---------------------------------------------------------------------------------------------------------

!if /FileExists "../../assets/homemedia.ico"
  !define MUI_ICON "../../assets/homemedia.ico"
  !define MUI_UNICON "../../assets/homemedia.ico"
!endif
!if /FileExists "../../assets/nsis/header.bmp"
  !define MUI_HEADERIMAGE
  !define MUI_HEADERIMAGE_BITMAP "../../assets/nsis/header.bmp"
  !define MUI_HEADERIMAGE_RIGHT
!endif
!if /FileExists "../../assets/nsis/side.bmp"
  !define MUI_WELCOMEFINISHPAGE_BITMAP "../../assets/nsis/side.bmp"
  !define MUI_UNWELCOMEFINISHPAGE_BITMAP "../../assets/nsis/side.bmp"
!endif
!define MUI_ABORTWARNING

!define MUI_WELCOMEPAGE_TITLE "The films, photos and notes of your household"
!define MUI_WELCOMEPAGE_TEXT "This puts ${NAME} ${VERSION} on this computer, for you alone and without an administrator.$\r$\n$\r$\nIt moves none of your files. When it is done your browser opens and asks for three things: a name, a password, and where your films and photos lie.$\r$\n$\r$\nIf an older ${NAME} is here it is replaced, and everything it knows stays."
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "../../LICENSE"
!define MUI_COMPONENTSPAGE_TEXT_TOP "What should come along?"
!insertmacro MUI_PAGE_COMPONENTS
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE LeaveFolder
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_TEXT_LARGE
!define MUI_FINISHPAGE_TITLE "${NAME} is here"
!define MUI_FINISHPAGE_TEXT "Its sign is beside the clock, and its page opens in your browser. Other devices in your network open the address it shows.$\r$\n$\r$\nIf Windows asks whether ${NAME} may use your network, allow private networks."
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_TEXT "Start ${NAME}"
!define MUI_FINISHPAGE_RUN_FUNCTION StartIt
!insertmacro MUI_PAGE_FINISH

!insertmacro MUI_UNPAGE_CONFIRM
!define MUI_COMPONENTSPAGE_TEXT_TOP "The program is taken away. What it keeps stays, unless you choose otherwise."
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_INSTFILES

!insertmacro MUI_LANGUAGE "English"

; --- what both need ------------------------------------------------------------------------------------------------

!macro GiveUp CODE TEXT
  SetErrorLevel ${CODE}
  MessageBox MB_OK|MB_ICONSTOP "${TEXT}" /SD IDOK
  SetErrorLevel ${CODE}
  Quit
!macroend

; Ends a HomeMedia that runs from $INSTDIR: asks it to stop, then waits until its program can be written. Windows lets
; nobody write a program that runs. Sets $WasRunning. Leaves with IN_USE when it does not end.
!macro DefineStopIt PREFIX
Function ${PREFIX}StopIt
  StrCpy $WasRunning 0
  ${IfNot} ${FileExists} "$INSTDIR\homemedia.exe"
    Return
  ${EndIf}
again:
  Call ${PREFIX}IsInUse
  Pop $0
  ${If} $0 == 0
    Return
  ${EndIf}
  StrCpy $WasRunning 1
  DetailPrint "Asking ${NAME} to end"
  nsExec::Exec '"$INSTDIR\homemedia.exe" stop'
  Pop $0
  StrCpy $1 0
  ${DoWhile} $1 < ${WAIT_TRIES}
    Call ${PREFIX}IsInUse
    Pop $0
    ${If} $0 == 0
      Return
    ${EndIf}
    Sleep ${WAIT_MS}
    IntOp $1 $1 + 1
  ${Loop}
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${NAME} is still running. Choose Quit at its sign beside the clock, then try again." /SD IDCANCEL IDRETRY again
  SetErrorLevel ${IN_USE}
  Quit
FunctionEnd

; Pushes 1 while the program runs. Opened for appending: nothing is changed in it.
Function ${PREFIX}IsInUse
  ClearErrors
  FileOpen $0 "$INSTDIR\homemedia.exe" a
  ${If} ${Errors}
    Push 1
  ${Else}
    FileClose $0
    Push 0
  ${EndIf}
FunctionEnd
!macroend
!insertmacro DefineStopIt ""
!insertmacro DefineStopIt "un."

; Pushes 1 if a firewall rule of ours is there. Looking needs no administrator.
!macro DefineHasRule PREFIX
Function ${PREFIX}HasRule
  nsExec::Exec '"$SYSDIR\netsh.exe" advfirewall firewall show rule name=${NAME}'
  Pop $0
  ${If} $0 == 0
    Push 1
  ${Else}
    Push 0
  ${EndIf}
FunctionEnd
!macroend
!insertmacro DefineHasRule ""
!insertmacro DefineHasRule "un."

; --- installing ----------------------------------------------------------------------------------------------------

Section "${NAME}" SectionProgram
  SectionIn RO
  Call StopIt
  SetOutPath "$INSTDIR"

  ; An older program steps aside as a whole, so that nothing of it is mixed with the new one and it can come back. Windows
  ; renames no folder in which a file is in use.
  RMDir /r "$INSTDIR\_internal.old"
  ${If} ${FileExists} "$INSTDIR\_internal\*.*"
    ClearErrors
    Rename "$INSTDIR\_internal" "$INSTDIR\_internal.old"
    ${If} ${Errors}
      !insertmacro GiveUp ${IN_USE} "A part of the older ${NAME} is in use, so nothing was changed. Restart the computer and try again."
    ${EndIf}
    Delete "$INSTDIR\homemedia.old.exe"
    Rename "$INSTDIR\homemedia.exe" "$INSTDIR\homemedia.old.exe"
  ${EndIf}

  ClearErrors
  File /r "${PAYLOAD}/*"
  ${If} ${Errors}
    Call PutBack
    Abort "Not everything could be written. The older ${NAME} is back, if there was one."
  ${EndIf}
  FileOpen $0 "$INSTDIR\_internal\install.txt" w
  FileWrite $0 "windows"
  FileClose $0
  RMDir /r "$INSTDIR\_internal.old"
  Delete "$INSTDIR\homemedia.old.exe"

  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${OWN_KEY}" "Folder" "$INSTDIR"
  WriteRegStr HKCU "${OWN_KEY}" "Version" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\homemedia.exe"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "The HomeMedia makers"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" "$0"
SectionEnd

Section "Start menu" SectionMenu
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\homemedia.exe" "" "$INSTDIR\homemedia.exe" 0 SW_SHOWNORMAL "" "The films, photos and notes of your household"
SectionEnd

Section /o "Start with the computer" SectionAutostart
  ; The same value as the tray's switch and `homemedia autostart on` write.
  WriteRegStr HKCU "${RUN_KEY}" "${NAME}" '"$INSTDIR\homemedia.exe" start --no-browser'
SectionEnd

Section "Let other devices in" SectionFirewall
  Call HasRule
  Pop $HadRule
  ${If} $HadRule == 1
    Return
  ${EndIf}
  DetailPrint "Asking Windows to let other devices of your network in"
  ClearErrors
  ExecShellWait "runas" "$SYSDIR\netsh.exe" 'advfirewall firewall add rule name=${NAME} dir=in action=allow program="$INSTDIR\homemedia.exe" profile=private,domain description="Devices of the home network may open ${NAME}."' SW_HIDE
  Call HasRule
  Pop $HadRule
  ${If} $HadRule == 0
    MessageBox MB_OK|MB_ICONINFORMATION "Windows was not told to let other devices in. ${NAME} works on this computer. Windows asks by itself when it starts for the first time; allow private networks there." /SD IDOK
  ${EndIf}
SectionEnd

LangString DescribeProgram ${LANG_ENGLISH} "The program with everything it needs."
LangString DescribeMenu ${LANG_ENGLISH} "An entry in the start menu."
LangString DescribeAutostart ${LANG_ENGLISH} "It runs as soon as you have signed in, without opening a page. It can be switched at its sign beside the clock, too."
LangString DescribeFirewall ${LANG_ENGLISH} "Phones and televisions of your private network find it. Windows asks for an administrator once. Without it everything works on this computer alone."
!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${SectionProgram} $(DescribeProgram)
  !insertmacro MUI_DESCRIPTION_TEXT ${SectionMenu} $(DescribeMenu)
  !insertmacro MUI_DESCRIPTION_TEXT ${SectionAutostart} $(DescribeAutostart)
  !insertmacro MUI_DESCRIPTION_TEXT ${SectionFirewall} $(DescribeFirewall)
!insertmacro MUI_FUNCTION_DESCRIPTION_END

Function .onInit
  ; This installer is a program of 64 bit itself: an older kind of Windows does not even start it.
  ${IfNot} ${AtLeastWin10}
    !insertmacro GiveUp ${TOO_OLD} "${NAME} needs Windows 10 or newer, 64 bit."
  ${EndIf}

  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/AUTOSTART" $R1
  ${IfNot} ${Errors}
    !insertmacro SelectSection ${SectionAutostart}
  ${EndIf}
  ClearErrors
  ${GetOptions} $R0 "/NOSTARTMENU" $R1
  ${IfNot} ${Errors}
    !insertmacro UnselectSection ${SectionMenu}
  ${EndIf}
  ; Silently nobody can answer the question for an administrator, unless the caller is one.
  ClearErrors
  ${GetOptions} $R0 "/FIREWALL" $R1
  ${If} ${Silent}
  ${AndIf} ${Errors}
    !insertmacro UnselectSection ${SectionFirewall}
  ${EndIf}

  ReadRegStr $R1 HKCU "${OWN_KEY}" "Version"
  ${If} $R1 != ""
    ; What was chosen before is chosen again.
    ReadRegStr $R2 HKCU "${RUN_KEY}" "${NAME}"
    ${If} $R2 != ""
      !insertmacro SelectSection ${SectionAutostart}
    ${EndIf}
    ${VersionCompare} "$R1" "${VERSION}" $R3
    ClearErrors
    ${GetOptions} $R0 "/DOWNGRADE" $R2
    ${If} $R3 == 1
    ${AndIf} ${Errors}
      SetErrorLevel ${NEWER}
      MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "${NAME} $R1 is here, which is newer than this one (${VERSION}). An older program does not open the household of a newer one: you would also have to put back the copy of the database that was made before the update.$\r$\n$\r$\nPut ${VERSION} in its place?" /SD IDNO IDYES older
      SetErrorLevel ${NEWER}
      Quit
older:
      SetErrorLevel -1
    ${EndIf}
  ${EndIf}

  ${If} ${Silent}
    Call IsFolderOurs
    Pop $0
    ${If} $0 == 0
      SetErrorLevel ${NOT_OURS}
      Quit
    ${EndIf}
  ${EndIf}
FunctionEnd

; Pushes 1 where $INSTDIR is new, empty or holds HomeMedia: removing it later must not take anything else away.
Function IsFolderOurs
  ${IfNot} ${FileExists} "$INSTDIR\*.*"
    Push 1
    Return
  ${EndIf}
  ${If} ${FileExists} "$INSTDIR\homemedia.exe"
  ${AndIf} ${FileExists} "$INSTDIR\uninstall.exe"
    Push 1
    Return
  ${EndIf}
  ${DirState} "$INSTDIR" $0
  ${If} $0 == 0
    Push 1
  ${Else}
    Push 0
  ${EndIf}
FunctionEnd

; A folder with other things in it gets one of ours inside.
Function LeaveFolder
  Call IsFolderOurs
  Pop $0
  ${If} $0 == 0
    StrCpy $INSTDIR "$INSTDIR\${NAME}"
    Call IsFolderOurs
    Pop $0
    ${If} $0 == 0
      MessageBox MB_OK|MB_ICONEXCLAMATION "There are other things in $INSTDIR. Choose another folder."
      Abort
    ${EndIf}
  ${EndIf}
FunctionEnd

Function PutBack
  ${If} ${FileExists} "$INSTDIR\_internal.old\*.*"
    RMDir /r "$INSTDIR\_internal"
    Rename "$INSTDIR\_internal.old" "$INSTDIR\_internal"
    Delete "$INSTDIR\homemedia.exe"
    Rename "$INSTDIR\homemedia.old.exe" "$INSTDIR\homemedia.exe"
  ${EndIf}
FunctionEnd

Function .onInstFailed
  Call PutBack
FunctionEnd

Function StartIt
  ExecShell "" "$INSTDIR\homemedia.exe" "start"
FunctionEnd

Function .onInstSuccess
  ; Silently, a HomeMedia that ran before runs again.
  ${If} ${Silent}
  ${AndIf} $WasRunning == 1
    ExecShell "" "$INSTDIR\homemedia.exe" "start --no-browser" SW_SHOWMINIMIZED
  ${EndIf}
FunctionEnd

; --- taking it away ------------------------------------------------------------------------------------------------

Section "un.${NAME}" UnProgram
  SectionIn RO
  Call un.StopIt
  ClearErrors
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\_internal.old"
  Delete "$INSTDIR\homemedia.exe"
  Delete "$INSTDIR\homemedia.old.exe"
  Delete "$INSTDIR\uninstall.exe"
  ; Without /r: whatever else somebody put there stays.
  SetOutPath "$TEMP"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegValue HKCU "${RUN_KEY}" "${NAME}"
  DeleteRegValue HKCU "${APPROVED_KEY}" "${NAME}"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  DeleteRegKey HKCU "${OWN_KEY}"

  ${IfNot} ${Silent}
    Call un.HasRule
    Pop $0
    ${If} $0 == 1
      ExecShellWait "runas" "$SYSDIR\netsh.exe" "advfirewall firewall delete rule name=${NAME}" SW_HIDE
    ${EndIf}
  ${EndIf}
SectionEnd

Section /o "un.Delete what it keeps" UnData
  ${IfNot} ${FileExists} "$LOCALAPPDATA\homemedia\*.*"
    Return
  ${EndIf}
  ; Photos that lie nowhere else go with it, and that cannot be undone: so it is asked once more.
  MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "Everything in $LOCALAPPDATA\homemedia is deleted for good, also the photos that phones have sent. Delete it?" /SD IDYES IDYES delete
  Return
delete:
  ; Where the settings name another folder it is not looked for: nothing is deleted that was not said to be. Nor where a
  ; junction leads: RMDir /r would go on behind it, rmdir takes the junction alone.
  nsExec::Exec '"$SYSDIR\cmd.exe" /c rmdir /s /q "$LOCALAPPDATA\homemedia"'
  Pop $0
SectionEnd

LangString DescribeUnProgram ${LANG_ENGLISH} "The program, its entry in the start menu and its firewall rule."
LangString DescribeUnData ${LANG_ENGLISH} "Everything in $LOCALAPPDATA\homemedia: members, what was watched, notes, and the photos and files that were uploaded. Films and photos in your own folders are never touched."
!insertmacro MUI_UNFUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${UnProgram} $(DescribeUnProgram)
  !insertmacro MUI_DESCRIPTION_TEXT ${UnData} $(DescribeUnData)
!insertmacro MUI_UNFUNCTION_DESCRIPTION_END

Function un.onInit
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/DELETEDATA" $R1
  ${IfNot} ${Errors}
    !insertmacro SelectSection ${UnData}
  ${EndIf}
FunctionEnd
