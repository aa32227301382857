# shellcheck shell=sh disable=SC2154
# FTP greets with 220, too: on its own port 21, and on 2525 where a guess by port would say mail.
pair
mkdir -p "$lab/ftp/pub" "$lab/empty"
echo "$lab_canary" >"$lab/ftp/pub/canary.txt"
for port in 21 2525; do
	cat >"$lab/ftp-$port.conf" <<END
listen=YES
listen_port=$port
background=NO
anonymous_enable=YES
local_enable=NO
anon_root=$lab/ftp
secure_chroot_dir=$lab/empty
seccomp_sandbox=NO
ftpd_banner=Files of kestrel.example
xferlog_enable=NO
END
	start server vsftpd "$lab/ftp-$port.conf"
	wait_until "the FTP server" listens server "$port"
done
record client eth0 "$lab/talk.pcapng"
in_space client python3 - "$server" <<'END' >"$lab/client.log" 2>&1
import ftplib
import os
import sys

for port in 21, 2525:
    with ftplib.FTP() as ftp:
        ftp.connect(sys.argv[1], port)
        ftp.login("anonymous", os.environ["lab_password"])
        print(ftp.sendcmd("HELP"), ftp.nlst("pub"))
        ftp.retrlines("RETR pub/canary.txt")
        ftp.quit()
END
record_end
keep "$lab/talk.pcapng"
