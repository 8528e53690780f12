package io.quickdrop.server.names;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What follows the dot of a file name: whatever a peer says, opening the file must not run it. */
final class FileExtension {
    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9]{1,8}");

    /** For what a peer names wrongly or not at all. */
    private static final String UNKNOWN = "bin";

    /**
     * What a double click runs, or a browser runs in the page's own rights, on Windows, macOS or Linux. Of the kinds
     * that Outlook blocks and browsers call dangerous, and scripts of desktops.
     */
    private static final Set<String> RUNS_WHEN_OPENED = Pattern.compile("\\s+")
            .splitAsStream(
                    """
            ade adp apk app appimage appx asp aspx bas bash bat cdxml cer chm class cmd cnt com command cpl crt
            crx csh deb der desktop diagcab dll dmg docm dotm dylib elf exe fish fxp gadget grp hlp hpj hta htc
            htm html img inf ins iso isp its jar jnlp js jse ksh lnk mad maf mag mam maq mar mas mat mau mav maw
            mcf mda mde mdt mdw mdz mht mhtml mjs msc msh msh1 msh2 msi msix msp mst msu ops osd out pcd php pif
            pkg pl plg potm ppam ppsm pptm prf prg ps1 ps1xml ps2 psc1 psc2 psm1 pst py pyc pyw pyz rb reg rpm
            run scf scpt scr sct service settings sh shb shs shtml sldm slk snap so svg svgz swf sys terminal
            theme tmp tool udl url vb vbe vbp vbs vhd vhdx vsmacros vsw wasm webloc website wim workflow ws wsc
            wsf wsh xbap xht xhtml xlam xll xlsm xltm xml xnk xsl xslt zsh""")
            .collect(Collectors.toUnmodifiableSet());

    private FileExtension() {}

    /** The extension to use for {@code asked}, without a leading dot; {@code exe} becomes {@code exe.bin}. */
    static String safe(String asked) {
        String lower = asked.toLowerCase(Locale.ROOT);
        String bare = lower.startsWith(".") ? lower.substring(1) : lower;
        if (!ALLOWED.matcher(bare).matches()) {
            return UNKNOWN;
        }
        return RUNS_WHEN_OPENED.contains(bare) ? bare + "." + UNKNOWN : bare;
    }
}
