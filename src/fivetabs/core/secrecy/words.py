"""The words by which names and values are judged: data, no code."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


KEY_KINDS = _set("""
    access account admin aes anthropic api app application auth authentication bot cipher
    consumer crypto customer datadog datakey dd decryption deploy deployment dev developer
    ec ed25519 encrypt encryption fernet hmac host integration jwt licence license live
    machine maps master openai personal preshared primarymaster private psk publisher read
    registry root rsa sas secondary secret send sendgrid server service session shared sign
    signing ssh ssl storage stripe subscription symmetric tls token user webhook wireguard
    write
""")
"""What makes a `key` a secret one when it stands before it: `api key`, `signing_key`."""

KEYS = _set("""
    accesskey accountkey apikey apikeys appkey authkey encryptionkey licensekey masterkey
    presharedkey privatekey secretaccesskey secretkey sharedaccesskey signingkey sshkey
    storagekey
""")
"""The same in one word."""

OF_OBJECTS = _set("""
    a bootstrap ca cert certificate default docker etcd existing external helm image ingress
    k8s kube kubernetes mounted name namespace pull registry sealed source ssl target the
    this tls volume
""")
"""Before `secret`, these name a Secret object: `tlsSecret: shop-tls`."""

ABOUT = _set("""
    accessor account accounts age alg algorithm annotation annotations arn arns at attempts
    audience backend backends bucket change changed check checked checks claim claims class
    classes column count counts created date dir directory disable disabled domain email
    enable enabled encryption endpoint error errors exchange exists expiration expire
    expired expires expiry factory field fields file files filter format generator group
    groups handler header headers helper hint host hostname hosts id ids index interval
    introspection issuer kind label labels len length lifetime limit limits loader location
    management manager max message method methods min mode name names namespace parser path
    paths period policies policy port prefix process provider providers reader reason ref
    refs request requests require required requires reset retries review reviews revocation
    role roles rotation rule rules scope scopes secure selector service services set size
    source spec status stdin storage store suffix template test tests time timeout total ttl
    type types updated uri url urls usage used user username util validator version versions
    writer
""")
"""The last word of a name that speaks about a secret and does not hold one."""

PLACES = _set("""
    bos bracket cancellation client completion continuation continue eos idempotency lock
    marker max next num pad page pagination paging prompt receipt resume shard skip special
    start starting sync task unexpected upload vocab word words
""")
"""Before `token`, these say where to go on, or that a request was sent before."""

STATE = _set("""
    await new lambda function return self this null throw async yield sample files none
    pending refreshed issued obtained acquired
    a absent accepted active all already also an and any are as at auth authentication bad
    basic be bearer been bool boolean by can cannot changed configured correct could created
    default denied deprecated disabled does empty enabled error exists expired expires
    failed failure for forbidden found from given has have if in incorrect int integer
    invalid is it its length lifetime list loaded locked malformed map may mechanism method
    missing mode must needed needs neither no none not null number object of off ok on only
    opaque optional or out password policy present provided provider received refused
    rejected required reset revoked rotated rotation secret server set should source stored
    string success supplied text that the this to token too type unauthorized undefined
    unexpected unknown unset unsupported until updated used using valid value verified was
    were when will with without wrong yes you your
""")
"""Words of prose that say how things are: `token: expired`, `password: required`."""

DIRECTIVES = _set("""
    bindpw masterauth requirepass rootpw userpw
""")
"""Words of configuration files that take a password after a space."""
