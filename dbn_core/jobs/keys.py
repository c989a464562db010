"""The keys of a store's cluster: who can read them may have it run code, and nobody else.

A Dask scheduler and its workers do what whoever reaches their ports sends them, as the user of the lab. So each
connection is encrypted, and both ends show a certificate that the store's own key has signed. That key and certificate
are one file, which only its owner can read. It lies in the user's cache and not beside the store, which may be on a
disk whose files everybody can read (a memory stick, a drive of Windows seen from Linux).
"""

import os
import stat
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from distributed import Security

from dbn_core.errors import JobError
from dbn_core.jobs.settings import store_digest
from dbn_core.places import cache

# The certificate is trusted because it is in the file, and for as long as that is there; clocks have no say.
_BEGIN, _END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)


def keys_file(url: str) -> Path:
    """Where the keys of a store's cluster lie."""
    return cache() / "keys" / f"{store_digest(url)}.pem"


def security(url: str) -> Security:
    """What Dask needs for the cluster of this store; the keys are made where there are none.

    Raises JobError where others can read them, where they are somebody else's, or where none can be made.
    """
    path = keys_file(url)
    _make(path)
    return known(str(path))


def known(file: str) -> Security:
    """The same with the keys in a file that a cluster has named. Raises JobError as `security`, and for no file."""
    _check(Path(file))
    return Security(
        require_encryption=True,
        tls_ca_file=file,
        tls_client_cert=file,
        tls_client_key=file,
        tls_scheduler_cert=file,
        tls_scheduler_key=file,
        tls_worker_cert=file,
        tls_worker_key=file,
    )


def _make(path: Path) -> None:
    """Of several processes at once the first one makes them; nobody ever sees half of a file."""
    if path.exists() or path.is_symlink():
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # only its owner can read it
        with os.fdopen(number, "wb") as file:
            file.write(_new_keys())
        with suppress(FileExistsError):  # another process was first
            os.link(draft, path)
        Path(draft).unlink()
    except OSError as error:
        raise JobError(
            f"The keys of the job cluster cannot be made in {path.parent} ({error}). Name a folder of your own that "
            f"can be written to, in DBN_CACHE."
        ) from error


def _new_keys() -> bytes:
    """A private key and the certificate that it has signed for itself."""
    # Once a store: whoever only reads keys, as each web server does, need not load it.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Deep Belief Lab")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGIN)
        .not_valid_after(_END)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    return key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + certificate.public_bytes(pem)


def _check(path: Path) -> None:
    """Windows keeps a user's folders from others by itself, and its files have no such modes."""
    try:
        found = path.lstat()
    except OSError as error:
        raise JobError(f"The keys of the job cluster are not in {path} ({error.strerror}).") from error
    if os.name == "nt":
        return
    if found.st_uid != os.getuid() or not stat.S_ISREG(found.st_mode) or stat.S_IMODE(found.st_mode) & 0o077:
        raise JobError(
            f"{path}, the keys of the job cluster, must be a file that you own and that nobody else can read: whoever "
            f"reads it can run code as you. Delete it, and new keys are made when the lab starts again; where files "
            f"are always everybody's to read, name another folder in DBN_CACHE."
        )
